fn main() {
    println!("hello {}", core_of_it::twice(21));
}
