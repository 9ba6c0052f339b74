use std::ffi::CStr;
use std::os::raw::c_char;

extern "C" {
    fn zlibVersion() -> *const c_char;
}

fn main() {
    let version = unsafe { CStr::from_ptr(zlibVersion()) };
    println!("hello {}", version.to_string_lossy());
}
