/*
 * blazeneuro-boot-times: where the time of this boot went. It reads what the initrd and the boot scripts have noted,
 * /run/boot-times: lines `SECONDS PLACE NAME`, in their order; from then on, by the kernel's clock, the time is NAME's,
 * until the next line. The line `login prompt` is the end. Scripts that run side by side have one such line, and one each,
 * `SECONDS ended NAME`, for when they were done.
 *
 * What came before the kernel's clock is known by the processor's counter, which begins at 0 when the machine is switched
 * on. How quickly it counts is known by two looks at it, of which the first was noted soon after the end of the boot:
 * /run/boot-counter: a line `COUNT SECONDS`.
 *
 * Exit codes: 0 all is well; 1 nothing was noted of this boot; 2 wrong usage.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <x86intrin.h>

enum { NOTHING_NOTED = 1, WRONG_USAGE = 2, MOST_MARKS = 256, WORD = 64, BAR_COLUMNS = 32 };

struct mark {
  double seconds;
  char place[WORD], name[WORD];
  /* For what ended: the number of the mark that it ended under. */
  int under;
};

/* A number that may not be known. */
struct maybe {
  bool known;
  double seconds;
};

/* A line of the chart: a part of the boot, and where it lies in it. */
struct part {
  const char *title;
  /* How deep it lies in others: 0, 1 or 2. */
  int depth;
  double start, length;
};

static struct mark marks[MOST_MARKS], ended[MOST_MARKS];
static int mark_count, ended_count;

static const char USAGE[] =
    "Usage: blazeneuro-boot-times [--json]\n"
    "Where the time of this boot went: firmware and loader, kernel, initrd, boot scripts, login.\n"
    "  --json           one JSON object, times in milliseconds; null is not known\n"
    "  --note-counter   for the boot scripts: notes the processor's counter and the time\n"
    "The clock has steps of 10 ms. What it is read from, and how: docs/stick.md.\n";

static const char *path_of(const char *variable, const char *usual) {
  const char *own = getenv(variable);
  return own != NULL ? own : usual;
}

static double seconds_of_boot(void) {
  struct timespec now;
  clock_gettime(CLOCK_BOOTTIME, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void note_counter(void) { printf("%llu %.6f\n", (unsigned long long)__rdtsc(), seconds_of_boot()); }

static bool has_ended(void) {
  if (mark_count == 0) return false;
  const struct mark *last = &marks[mark_count - 1];
  return strcmp(last->place, "login") == 0 && strcmp(last->name, "prompt") == 0;
}

/* A line that is cut off or is none of ours is left out. */
static void read_marks(const char *path) {
  FILE *file = fopen(path, "re");
  if (file == NULL) {
    fprintf(stderr, "blazeneuro-boot-times: %s: %s\nThe boot scripts write it; this system was started by others.\n",
            path, strerror(errno));
    exit(NOTHING_NOTED);
  }
  char line[256];
  while (mark_count < MOST_MARKS && !has_ended() && fgets(line, sizeof line, file) != NULL) {
    struct mark mark;
    if (sscanf(line, "%lf %63s %63s", &mark.seconds, mark.place, mark.name) != 3) continue;
    if (strcmp(mark.place, "ended") != 0) {
      marks[mark_count++] = mark;
    } else if (ended_count < MOST_MARKS) {
      mark.under = mark_count - 1;
      ended[ended_count++] = mark;
    }
  }
  fclose(file);
  if (mark_count > 0) return;
  fprintf(stderr, "blazeneuro-boot-times: %s holds no times\n", path);
  exit(NOTHING_NOTED);
}

/*
 * From power-on to the kernel's clock. Not known where there are no two looks at the counter, or where what follows from
 * them cannot be: a counter that firmware, a hypervisor or a sleep has set anew.
 */
static struct maybe before_kernel(const char *path) {
  enum { LEAST_SPAN_SECONDS = 1, MOST_SECONDS = 900 };
  struct maybe unknown = {.known = false};
  unsigned long long first;
  double noted;
  FILE *file = fopen(path, "re");
  if (file == NULL) return unknown;
  int read = fscanf(file, "%llu %lf", &first, &noted);
  fclose(file);
  if (read != 2) return unknown;
  double span = seconds_of_boot() - noted;
  if (span < LEAST_SPAN_SECONDS) {
    struct timespec rest = {.tv_sec = LEAST_SPAN_SECONDS};
    nanosleep(&rest, NULL);
    span = seconds_of_boot() - noted;
  }
  double counted = (double)__rdtsc() - (double)first;
  if (span <= 0 || counted <= 0) return unknown;
  double seconds = (double)first / (counted / span) - noted;
  if (seconds <= 0 || seconds > MOST_SECONDS) return unknown;
  return (struct maybe){.known = true, .seconds = seconds};
}

/* Linux tells it where firmware has the table for it (ACPI spec, 5.2.23) and the kernel was built to read that. */
static struct maybe loader_began(const char *folder) {
  char path[512];
  unsigned long long nanoseconds;
  struct maybe unknown = {.known = false};
  snprintf(path, sizeof path, "%s/bootloader_launch_ns", folder);
  FILE *file = fopen(path, "re");
  if (file == NULL) return unknown;
  int read = fscanf(file, "%llu", &nanoseconds);
  fclose(file);
  if (read != 1 || nanoseconds == 0) return unknown;
  return (struct maybe){.known = true, .seconds = (double)nanoseconds / 1e9};
}

static double end_of(int index) { return marks[index + 1 < mark_count ? index + 1 : index].seconds; }

static double length_of(int index) { return end_of(index) - marks[index].seconds; }

static double length_of_place(const char *place) {
  double sum = 0;
  for (int i = 0; i < mark_count; i++) sum += strcmp(marks[i].place, place) == 0 ? length_of(i) : 0;
  return sum;
}

static double last_second(void) { return marks[mark_count - 1].seconds; }

/* The parts of the whole, in their order. */
static const struct { const char *place, *title, *member; } PLACES[] = {
    {"initrd", "initrd", "initrdMs"}, {"init", "init", "initMs"}, {"start", "boot scripts", "bootScriptsMs"},
                 {"login", "login", "loginMs"}};
enum { PLACE_COUNT = sizeof PLACES / sizeof *PLACES };

static void print_maybe_member(const char *member, struct maybe value) {
  if (value.known) {
    printf("\"%s\":%.0f,", member, value.seconds * 1000);
  } else {
    printf("\"%s\":null,", member);
  }
}

/* Names are those of files of ours; what would end a string of JSON is left out. */
static void print_word(const char *word) {
  for (; *word != '\0'; word++) {
    if (*word != '"' && *word != '\\' && (unsigned char)*word >= ' ') putchar(*word);
  }
}

static void print_side_by_side(int index) {
  bool is_first = true;
  for (int i = 0; i < ended_count; i++) {
    if (ended[i].under != index) continue;
    printf("%s{\"name\":\"", is_first ? ",\"sideBySide\":[" : ",");
    print_word(ended[i].name);
    printf("\",\"lengthMs\":%.0f}", (ended[i].seconds - marks[index].seconds) * 1000);
    is_first = false;
  }
  if (!is_first) putchar(']');
}

static void print_json(struct maybe before, struct maybe firmware, struct maybe loader) {
  printf("{\"type\":\"boot-times\",");
  print_maybe_member("firmwareMs", firmware);
  print_maybe_member("loaderMs", loader);
  print_maybe_member("beforeKernelMs", before);
  printf("\"kernelMs\":%.0f,", marks[0].seconds * 1000);
  for (int i = 0; i < PLACE_COUNT; i++) printf("\"%s\":%.0f,", PLACES[i].member, length_of_place(PLACES[i].place) * 1000);
  printf("\"kernelToLoginMs\":%.0f,\"parts\":[", last_second() * 1000);
  for (int i = 0; i + 1 < mark_count; i++) {
    printf("%s{\"place\":\"", i == 0 ? "" : ",");
    print_word(marks[i].place);
    printf("\",\"name\":\"");
    print_word(marks[i].name);
    printf("\",\"startMs\":%.0f,\"lengthMs\":%.0f", marks[i].seconds * 1000, length_of(i) * 1000);
    print_side_by_side(i);
    putchar('}');
  }
  puts("]}");
}

/* A bar shows where it lies in the time from the kernel's clock to the login. */
static void print_part(struct part part) {
  double whole = last_second() > 0 ? last_second() : 1;
  int from = (int)(part.start / whole * BAR_COLUMNS);
  int to = (int)((part.start + part.length) / whole * BAR_COLUMNS + 0.5);
  int indent = 2 * part.depth;
  printf("%*s%-*s %7.2f %7.2f  ", indent, "", 24 - indent, part.title, part.start, part.length);
  for (int column = 0; column < to || column <= from; column++) putchar(column < from ? ' ' : '#');
  putchar('\n');
}

static int marks_of_place(const char *place) {
  int count = 0;
  for (int i = 0; i + 1 < mark_count; i++) count += strcmp(marks[i].place, place) == 0;
  return count;
}

static void print_place(int place) {
  bool is_first = true;
  for (int i = 0; i + 1 < mark_count; i++) {
    const struct mark *mark = &marks[i];
    if (strcmp(mark->place, PLACES[place].place) != 0) continue;
    if (is_first) print_part((struct part){PLACES[place].title, 0, mark->seconds, length_of_place(mark->place)});
    is_first = false;
    if (marks_of_place(mark->place) == 1) continue;
    print_part((struct part){mark->name, 1, mark->seconds, length_of(i)});
    for (int script = 0; script < ended_count; script++) {
      if (ended[script].under != i) continue;
      print_part((struct part){ended[script].name, 2, mark->seconds, ended[script].seconds - mark->seconds});
    }
  }
}

static void print_before(const char *title, struct maybe length) {
  if (length.known) {
    printf("%-24s         %7.2f\n", title, length.seconds);
  } else {
    printf("%-24s          not known\n", title);
  }
}

static void print_chart(struct maybe before, struct maybe firmware, struct maybe loader) {
  puts("seconds                    start  length");
  if (firmware.known) {
    print_before("firmware", firmware);
    print_before("loader", loader);
  } else {
    print_before("firmware and loader", before);
  }
  print_part((struct part){"kernel", 0, 0, marks[0].seconds});
  for (int place = 0; place < PLACE_COUNT; place++) print_place(place);
  printf("\n%.2f s from the kernel's start to the login", last_second());
  if (before.known) printf(", %.2f s from power-on", before.seconds + last_second());
  puts(has_ended() ? "" : "; it has not come yet");
}

int main(int argc, char **argv) {
  const char *word = argc == 2 ? argv[1] : "";
  bool json = strcmp(word, "--json") == 0;
  if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
    fputs(USAGE, stdout);
    return 0;
  }
  if (strcmp(word, "--note-counter") == 0) {
    note_counter();
    return 0;
  }
  if (argc > 2 || (argc == 2 && !json)) {
    fputs(USAGE, stderr);
    return WRONG_USAGE;
  }
  read_marks(path_of("BOOT_TIMES", "/run/boot-times"));
  struct maybe before = before_kernel(path_of("BOOT_COUNTER", "/run/boot-counter"));
  struct maybe firmware = loader_began(path_of("BOOT_FIRMWARE", "/sys/firmware/acpi/fpdt/boot"));
  /* Both count from power-on; where they do not agree, neither is to be trusted. */
  firmware.known = firmware.known && before.known && firmware.seconds <= before.seconds;
  struct maybe loader = {.known = firmware.known, .seconds = before.seconds - firmware.seconds};
  if (json) {
    print_json(before, firmware, loader);
  } else {
    print_chart(before, firmware, loader);
  }
  return 0;
}
