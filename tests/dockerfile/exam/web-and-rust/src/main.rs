const PAGE: &str = include_str!("../dist/index.html");

fn main() {
    println!("hello {}", PAGE.len());
}
