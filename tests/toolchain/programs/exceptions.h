#include <stdexcept>
struct refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};
