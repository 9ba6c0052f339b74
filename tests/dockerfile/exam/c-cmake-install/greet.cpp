#include <iostream>

extern "C" void greet() { std::cout << "hello" << std::endl; }
