#[no_mangle]
pub extern "C" fn twice(number: i32) -> i32 {
    2 * number
}
