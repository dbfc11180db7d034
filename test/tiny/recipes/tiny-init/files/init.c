/* The whole of the tiny system: how often was this drive booted? Says it, writes it down, switches off. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

#define FOLDER "/var/lib"
#define COUNTER FOLDER "/boots"
#define NEW_COUNTER COUNTER ".new"

static const char *failed_step;

static int failed(const char *step)
{
	failed_step = step;
	return -1;
}

static int read_counter(int *boots)
{
	FILE *file = fopen(COUNTER, "r");

	*boots = 0;
	if (file == NULL)
		return errno == ENOENT ? 0 : failed("open the counter");
	int fields = fscanf(file, "%d", boots);
	fclose(file);
	return fields == 1 ? 0 : failed("read the counter");
}

static int sync_path(const char *path)
{
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		return failed("open the folder");
	int result = fsync(fd);
	close(fd);
	return result == 0 ? 0 : failed("sync the folder");
}

/* The counter is there whole, old or new, at whatever moment the machine is switched off. */
static int write_counter(int boots)
{
	FILE *file = fopen(NEW_COUNTER, "w");

	if (file == NULL)
		return failed("open the new counter");
	int written = fprintf(file, "%d\n", boots) > 0 && fflush(file) == 0 && fsync(fileno(file)) == 0;
	if (fclose(file) != 0 || !written)
		return failed("write the new counter");
	if (rename(NEW_COUNTER, COUNTER) != 0)
		return failed("rename the new counter");
	return sync_path(FOLDER);
}

int main(void)
{
	int boots;

	if (read_counter(&boots) == 0 && write_counter(boots + 1) == 0)
		printf("blazeneuro-tiny: boot %d\n", boots + 1);
	else
		printf("blazeneuro-tiny: cannot %s: %s\n", failed_step, strerror(errno));
	fflush(stdout);
	sync();
	reboot(RB_POWER_OFF);
	return 1;
}
