#include <math.h>
#include <stdio.h>

int main(int argc, char **argv) {
  (void)argv;
  printf("hello %.0f\n", sqrt(argc * 1764.0));
  return 0;
}
