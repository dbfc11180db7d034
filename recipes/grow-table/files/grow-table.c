/*
 * grow-table DRIVE NUMBER: lets partition NUMBER, a Linux root, take the room behind it up to the end of the drive, and
 * keeps both copies of the GUID partition table (GPT) in order. DRIVE is a block device, or a plain file in tests.
 *
 * The power may be cut at any moment. The table that is wanted follows from the table that is there and from the size of
 * the drive alone, and there is always one whole copy where Linux looks for it: the backup at the end of the drive is
 * written and flushed first, the primary only then. So whatever was cut short, the next run goes on to the same end.
 * What is not understood is not touched.
 *
 * Prints what it did. Exit codes: 0 all is well; 1 not a table of ours; 2 wrong usage; 3 reading or writing failed.
 */
#define _GNU_SOURCE
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/blkpg.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECTOR = 512, ENTRIES = 128, ENTRY_SECTORS = 32, TABLE_SECTORS = 33, ALIGN = 2048 };
enum { NOT_OURS = 1, WRONG_USAGE = 2, FAILED = 3 };

/* UEFI spec, 5.3.2. All numbers are little endian. */
struct header {
  char signature[8];
  uint32_t revision, bytes, crc, reserved;
  uint64_t own, other, first_usable, last_usable;
  unsigned char disk_guid[16];
  uint64_t entries;
  uint32_t entry_count, entry_bytes, entries_crc;
  unsigned char rest[SECTOR - 92];
} __attribute__((packed));

/* UEFI spec, 5.3.3. */
struct entry {
  unsigned char type[16], guid[16];
  uint64_t first, last, attributes;
  unsigned char name[72];
} __attribute__((packed));

struct table {
  struct header header;
  struct entry entries[ENTRIES];
};

_Static_assert(sizeof(struct header) == SECTOR, "a header is one sector");
_Static_assert(sizeof(struct table) == TABLE_SECTORS * SECTOR, "a table has no gaps");

/* 4f68bce3-e8cd-4db1-96e7-fbcaf984b709: root of x86-64, by the Discoverable Partitions of the UAPI group. */
static const unsigned char ROOT_TYPE[16] = {0xe3, 0xbc, 0x68, 0x4f, 0xcd, 0xe8, 0xb1, 0x4d,
                                            0x96, 0xe7, 0xfb, 0xca, 0xf9, 0x84, 0xb7, 0x09};
static const unsigned char NO_TYPE[16];

static const char *drive_path;
static int drive;
static uint64_t drive_sectors;

__attribute__((noreturn)) static void give_up(int code, const char *what) {
  fprintf(stderr, "%s: %s\n", drive_path, what);
  exit(code);
}

__attribute__((noreturn)) static void failed(const char *what) {
  fprintf(stderr, "%s: %s: %s\n", drive_path, what, strerror(errno));
  exit(FAILED);
}

static void read_sectors(void *into, size_t count, uint64_t sector) {
  size_t done = 0, wanted = count * SECTOR;
  while (done < wanted) {
    ssize_t got = pread(drive, (char *)into + done, wanted - done, (off_t)(sector * SECTOR + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) failed("reading failed");
    if (got == 0) give_up(FAILED, "the drive ends before its end");
    done += (size_t)got;
  }
}

/* On the drive when it comes back, not only on its way there. */
static void write_sectors(const void *from, size_t count, uint64_t sector) {
  size_t done = 0, wanted = count * SECTOR;
  while (done < wanted) {
    ssize_t put = pwrite(drive, (const char *)from + done, wanted - done, (off_t)(sector * SECTOR + done));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) failed("writing failed");
    done += (size_t)put;
  }
  if (fsync(drive) != 0) failed("flushing failed");
}

/* CRC-32 of ISO 3309, as UEFI spec 5.3.2 wants it. */
static uint32_t crc32(const void *bytes, size_t count) {
  uint32_t crc = UINT32_MAX;
  for (const unsigned char *at = bytes, *end = at + count; at < end; at++) {
    crc ^= *at;
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320u : 0);
  }
  return ~crc;
}

static uint32_t header_crc(struct header header) {
  header.crc = 0;
  return crc32(&header, 92);
}

static bool is_used(const struct entry *entry) { return memcmp(entry->type, NO_TYPE, sizeof NO_TYPE) != 0; }

static bool entries_are_sound(const struct table *table) {
  uint64_t first_usable = le64toh(table->header.first_usable), last_usable = le64toh(table->header.last_usable);
  for (int i = 0; i < ENTRIES; i++) {
    const struct entry *one = &table->entries[i];
    if (!is_used(one)) continue;
    uint64_t first = le64toh(one->first), last = le64toh(one->last);
    if (first < first_usable || first > last || last > last_usable) return false;
    for (int j = 0; j < i; j++) {
      const struct entry *other = &table->entries[j];
      if (is_used(other) && first <= le64toh(other->last) && le64toh(other->first) <= last) return false;
    }
  }
  return true;
}

/* Whether there is a whole table with its header at this sector. No less strict than Linux (block/partitions/efi.c). */
static bool read_table(uint64_t sector, struct table *table) {
  bool primary = sector == 1;
  if (!primary && (sector < 2 * TABLE_SECTORS + 1 || sector >= drive_sectors)) return false;
  if (primary) {
    read_sectors(table, TABLE_SECTORS, sector);
  } else {
    read_sectors(&table->header, 1, sector);
    read_sectors(table->entries, ENTRY_SECTORS, sector - ENTRY_SECTORS);
  }
  const struct header *header = &table->header;
  uint64_t first_usable = le64toh(header->first_usable), last_usable = le64toh(header->last_usable);
  return memcmp(header->signature, "EFI PART", 8) == 0 && le32toh(header->revision) == 0x00010000 &&
         le32toh(header->bytes) == 92 && le32toh(header->crc) == header_crc(*header) &&
         le64toh(header->own) == sector && le32toh(header->entry_count) == ENTRIES &&
         le32toh(header->entry_bytes) == sizeof(struct entry) &&
         le64toh(header->entries) == (primary ? 2 : sector - ENTRY_SECTORS) &&
         first_usable > TABLE_SECTORS && first_usable <= last_usable &&
         last_usable < drive_sectors - TABLE_SECTORS &&
         le32toh(header->entries_crc) == crc32(table->entries, sizeof table->entries) && entries_are_sound(table);
}

/* The same table as a copy for another place. */
static struct table copy_for(const struct table *table, uint64_t own, uint64_t other) {
  struct table copy = *table;
  memset(copy.header.rest, 0, sizeof copy.header.rest);
  copy.header.own = htole64(own);
  copy.header.other = htole64(other);
  copy.header.entries = htole64(own == 1 ? 2 : own - ENTRY_SECTORS);
  copy.header.entries_crc = htole32(crc32(copy.entries, sizeof copy.entries));
  copy.header.crc = htole32(header_crc(copy.header));
  return copy;
}

static bool lies_at(const struct table *wanted, uint64_t sector) {
  struct table there;
  return read_table(sector, &there) && memcmp(&there, wanted, sizeof there) == 0;
}

static void write_table(const struct table *table, uint64_t sector) {
  unsigned char bytes[sizeof *table];
  if (sector == 1) {
    write_sectors(table, TABLE_SECTORS, 1);
    return;
  }
  memcpy(bytes, table->entries, sizeof table->entries);
  memcpy(bytes + sizeof table->entries, &table->header, SECTOR);
  write_sectors(bytes, TABLE_SECTORS, sector - ENTRY_SECTORS);
}

static void open_drive(void) {
  struct stat about;
  int sector_bytes = SECTOR;
  drive = open(drive_path, O_RDONLY | O_CLOEXEC);
  if (drive < 0 || fstat(drive, &about) != 0) failed("cannot be opened");
  uint64_t bytes = (uint64_t)about.st_size;
  if (S_ISBLK(about.st_mode)) {
    if (ioctl(drive, BLKGETSIZE64, &bytes) != 0 || ioctl(drive, BLKSSZGET, &sector_bytes) != 0) failed("has no size");
  } else if (!S_ISREG(about.st_mode)) {
    give_up(WRONG_USAGE, "is neither a drive nor a file");
  }
  if (sector_bytes != SECTOR) give_up(NOT_OURS, "its sectors are not of 512 bytes");
  drive_sectors = bytes / SECTOR;
  if (drive_sectors < 2 * ALIGN) give_up(NOT_OURS, "is too small for a table of ours");
}

/* Only now, so that a drive with nothing to be done is not even opened for writing. */
static void open_for_writing(void) {
  static bool opened;
  if (opened) return;
  close(drive);
  drive = open(drive_path, O_RDWR | O_CLOEXEC);
  if (drive < 0) failed("cannot be written");
  opened = true;
}

/*
 * The table that counts, as Linux chooses it: the primary, else the backup at the end of the drive; else the one where a
 * whole primary header says it is. Gives back the sector of its header.
 */
static uint64_t choose_table(struct table *table) {
  if (read_table(1, table)) return 1;
  const struct header *torn = &table->header;
  bool header_is_whole = le64toh(torn->own) == 1 && le32toh(torn->crc) == header_crc(*torn);
  uint64_t recorded = header_is_whole ? le64toh(torn->other) : 0;
  if (read_table(drive_sectors - 1, table)) return drive_sectors - 1;
  if (read_table(recorded, table)) return recorded;
  give_up(NOT_OURS, "has no partition table of ours");
}

/* The last sector that partition `number` may take; its own last one where there is no room worth the while behind it. */
static uint64_t wanted_end(const struct table *table, int number) {
  const struct entry *root = &table->entries[number - 1];
  uint64_t last = le64toh(root->last), room = (drive_sectors - TABLE_SECTORS) / ALIGN * ALIGN - 1;
  for (int i = 0; i < ENTRIES; i++) {
    if (is_used(&table->entries[i]) && le64toh(table->entries[i].last) > last) return last;
  }
  return room > last + ALIGN ? room : last;
}

/* The protective entry covers the whole drive, or as much of it as it can say: UEFI spec, 5.2.3. */
static void mend_protective_mbr(void) {
  unsigned char sector[SECTOR];
  read_sectors(sector, 1, 0);
  if (sector[510] != 0x55 || sector[511] != 0xaa) return;
  int others = 0;
  for (int i = 0; i < 4; i++) others += sector[446 + 16 * i + 4] != 0 && sector[446 + 16 * i + 4] != 0xee;
  /* Where it shares the drive with others, somebody has made it so by hand. */
  if (others > 0) return;
  uint32_t wanted = htole32(drive_sectors - 1 > UINT32_MAX ? UINT32_MAX : (uint32_t)(drive_sectors - 1));
  for (unsigned char *entry = sector + 446; entry < sector + 510; entry += 16) {
    uint32_t first, count;
    memcpy(&first, entry + 8, sizeof first);
    memcpy(&count, entry + 12, sizeof count);
    if (entry[4] != 0xee || le32toh(first) != 1 || count == UINT32_MAX || count == wanted) continue;
    memcpy(entry + 12, &wanted, sizeof wanted);
    open_for_writing();
    write_sectors(sector, 1, 0);
    return;
  }
}

/* The kernel has read the old table; the partition may be mounted or not. */
static void tell_kernel(int number, const struct entry *root) {
  struct stat about;
  if (fstat(drive, &about) != 0) failed("cannot be asked");
  if (!S_ISBLK(about.st_mode)) return;
  uint64_t first = le64toh(root->first), last = le64toh(root->last);
  struct blkpg_partition partition = {
      .start = (long long)(first * SECTOR), .length = (long long)((last - first + 1) * SECTOR), .pno = number};
  struct blkpg_ioctl_arg order = {.op = BLKPG_RESIZE_PARTITION, .datalen = sizeof partition, .data = &partition};
  if (ioctl(drive, BLKPG, &order) != 0) failed("the kernel keeps the old size until the next start");
}

int main(int argc, char **argv) {
  int number = argc == 3 ? atoi(argv[2]) : 0;
  if (number < 1 || number > ENTRIES) {
    fputs("Usage: grow-table DRIVE NUMBER\n", stderr);
    return WRONG_USAGE;
  }
  drive_path = argv[1];
  open_drive();
  struct table table;
  uint64_t found_at = choose_table(&table), last_sector = drive_sectors - 1;
  struct entry *root = &table.entries[number - 1];
  if (memcmp(root->type, ROOT_TYPE, sizeof ROOT_TYPE) != 0) give_up(NOT_OURS, "that partition is no root");
  if (found_at != 1) {
    /* First of all, while the copy that it is made from is whole. */
    struct table mended = copy_for(&table, 1, found_at);
    open_for_writing();
    write_table(&mended, 1);
    puts("The partition table was torn; it is whole again");
  }
  uint64_t end = wanted_end(&table, number);
  bool grows = end != le64toh(root->last);
  root->last = htole64(end);
  table.header.last_usable = htole64(last_sector - TABLE_SECTORS);
  struct table primary = copy_for(&table, 1, last_sector), backup = copy_for(&table, last_sector, 1);
  if (!lies_at(&backup, last_sector) || !lies_at(&primary, 1)) {
    open_for_writing();
    write_table(&backup, last_sector);
    write_table(&primary, 1);
    puts(grows ? "The root partition has grown to the end of the drive"
               : "The partition table has its copy at the end of the drive again");
  }
  mend_protective_mbr();
  if (grows) tell_kernel(number, root);
  return 0;
}
