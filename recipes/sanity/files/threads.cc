/* Exceptions and threads: what a libgcc or a libstdc++ that was built against the first compiler cannot do. */
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>

int main() {
  std::string said;
  std::thread other([&said] {
    try {
      throw std::runtime_error("caught");
    } catch (const std::exception &problem) {
      said = problem.what();
    }
  });
  other.join();
  std::cout << said << '\n';
}
