#include <iostream>
#include <stdexcept>
#include <string>

int main() {
    try {
        throw std::runtime_error("C++");
    } catch (const std::exception &error) {
        std::cout << error.what() << std::endl;
    }
}
