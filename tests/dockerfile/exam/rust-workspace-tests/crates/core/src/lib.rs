pub fn twice(n: i32) -> i32 {
    2 * n
}

#[test]
fn doubles() {
    assert_eq!(twice(21), 42);
}
