#include <iostream>
#include <string>

int main()
{
    std::string greeting = "hello";
    std::cout << greeting << std::endl;
}
