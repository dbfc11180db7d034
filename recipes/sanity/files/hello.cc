#include <iostream>
#include <string>
#include <vector>

int main(int argc, char **) {
  std::vector<std::string> words{"hello", "forty-two"};
  std::cout << words.at(0) << ' ' << words.at(argc) << '\n';
}
