/* A stand-in for a source: FILE RATE. Prints the file's lines, RATE of them a second, then stays. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char *argv[]) {
  if (argc != 3) return 64;
  FILE *file = fopen(argv[1], "r");
  double rate = atof(argv[2]);
  char *line = NULL;
  size_t room = 0;
  long count = 0;
  struct timespec start;
  struct timespec now;
  if (file == NULL || rate <= 0) return 66;
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (ssize_t length = getline(&line, &room, file); length > 0; length = getline(&line, &room, file)) {
    fwrite(line, 1, (size_t)length, stdout);
    if (++count % 20 != 0) continue;
    fflush(stdout);
    clock_gettime(CLOCK_MONOTONIC, &now);
    double ahead = (double)count / rate - (double)(now.tv_sec - start.tv_sec) - (double)(now.tv_nsec - start.tv_nsec) / 1e9;
    if (ahead > 0) usleep((useconds_t)(ahead * 1e6));
  }
  fflush(stdout);
  pause();
  return 0;
}
