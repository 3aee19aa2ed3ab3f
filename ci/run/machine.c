/* getloadavg is an extension of POSIX. */
#if defined(__linux__)
#define _DEFAULT_SOURCE
#else
#undef _POSIX_C_SOURCE
#undef _XOPEN_SOURCE
#endif

#include "ci/run/machine.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ci/run/cpus.h"

enum { MAX_NOTES = 16, FILE_BYTES = 16 << 10, PATH_BYTES = 1024 };

/* From where on a number is worth a note. */
static const double min_load_per_cpu = 0.25, min_load = 0.5, min_steal_ratio = 0.005;

struct look {
    const char *root;
    struct arena *arena;
    struct machine_notes *notes;
};

/* Reads a small file below the root, terminated, without the newline at its end. */
static bool read_text(const struct look *look, const char *path, char text[FILE_BYTES])
{
    char full[PATH_BYTES];
    if (snprintf(full, sizeof full, "%s%s", look->root, path) >= (int)sizeof full)
        return false;
    int descriptor = open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return false;
    size_t length = 0;
    ssize_t count;
    while (length < FILE_BYTES - 1) {
        count = read(descriptor, text + length, FILE_BYTES - 1 - length);
        if (count == 0 || (count < 0 && errno != EINTR))
            break;
        length += count > 0 ? (size_t)count : 0;
    }
    close(descriptor);
    while (length > 0 && text[length - 1] == '\n')
        length--;
    text[length] = '\0';
    return true;
}

/* Reads a file that holds one number. */
static bool read_number(const struct look *look, const char *path, unsigned long long *number)
{
    char text[FILE_BYTES], *end;
    if (!read_text(look, path, text))
        return false;
    *number = strtoull(text, &end, 10);
    return end != text && *end == '\0';
}

static void note(struct look *look, const char *text)
{
    if (text != NULL && look->notes->count < MAX_NOTES)
        look->notes->all[look->notes->count++] = text;
}

/* The CPUs of the machine that are switched on; 0 where it does not say. */
static unsigned online_cpus(const struct look *look)
{
    char text[FILE_BYTES];
    struct cpus cpus;
    if (!read_text(look, "/sys/devices/system/cpu/online", text) || !cpus_parse(text, &cpus))
        return 0;
    return cpus_count(&cpus);
}

static unsigned allowed_cpus(const struct look *look)
{
    static const char key[] = "\nCpus_allowed_list:";
    char text[FILE_BYTES];
    struct cpus cpus;
    const char *found;
    if (!read_text(look, "/proc/self/status", text) || (found = strstr(text, key)) == NULL)
        return 0;
    found += strlen(key);
    found += strspn(found, " \t");
    char list[FILE_BYTES];
    snprintf(list, sizeof list, "%.*s", (int)strcspn(found, "\n"), found);
    return cpus_parse(list, &cpus) ? cpus_count(&cpus) : 0;
}

static bool read_load(const struct look *look, double *load)
{
    char text[FILE_BYTES], *end;
    if (read_text(look, "/proc/loadavg", text)) {
        *load = strtod(text, &end);
        return end != text;
    }
    return *look->root == '\0' && getloadavg(load, 1) == 1;
}

static void look_at_load(struct look *look)
{
    double load;
    unsigned cpus = online_cpus(look);
    if (cpus == 0)
        cpus = cpus_available();
    if (!read_load(look, &load) || load < min_load || load < min_load_per_cpu * cpus)
        return;
    note(look,
         arena_print(look->arena,
                     "the load average is %.2f on %u CPU%s: other work runs here and disturbs "
                     "the measurement, end it or wait until it is done",
                     load, cpus, cpus == 1 ? "" : "s"));
}

/* One CPU: benchgate, the garbage collector and the benchmark take turns. */
static void look_at_affinity(struct look *look)
{
    unsigned allowed = allowed_cpus(look), online = online_cpus(look);
    unsigned usable = allowed > 0 ? allowed : online;
    if (usable == 1)
        note(look, "there is only one CPU to use: everything else on the machine takes turns with "
                   "the benchmarks, give it two or more");
    else if (allowed > 0 && allowed < online)
        note(look,
             arena_print(look->arena,
                         "this process may use only %u of %u CPUs: good if nothing else may use "
                         "them, otherwise lift the restriction (taskset, cpuset)",
                         allowed, online));
}

/* The file of a cgroup of version 2: "max 100000", or quota and period. In CPUs; 0: none. */
static double cpu_max(const struct look *look, const char *group)
{
    char path[PATH_BYTES], text[FILE_BYTES], *end;
    if (snprintf(path, sizeof path, "/sys/fs/cgroup%s/cpu.max", group) >= (int)sizeof path ||
        !read_text(look, path, text))
        return 0;
    double quota = strtod(text, &end), period = strtod(end, NULL);
    return end != text && period > 0 ? quota / period : 0;
}

/* The path of this process's group in version 2, as it sees it; "" for the root. */
static void read_group(const struct look *look, char group[PATH_BYTES])
{
    char text[FILE_BYTES];
    group[0] = '\0';
    if (!read_text(look, "/proc/self/cgroup", text))
        return;
    const char *line = strncmp(text, "0::/", 4) == 0 ? text : strstr(text, "\n0::/");
    if (line != NULL) {
        line = strchr(line, '/');
        snprintf(group, PATH_BYTES, "%.*s", (int)strcspn(line, "\n"), line);
    }
}

/* The tightest quota of this process's group and of those around it, in CPUs; 0: none. */
static double version_2_quota(const struct look *look)
{
    char group[PATH_BYTES];
    double least = 0;
    read_group(look, group);
    for (char *slash;; *slash = '\0') {
        double quota = cpu_max(look, group);
        if (quota > 0 && (least <= 0 || quota < least))
            least = quota;
        slash = strrchr(group, '/');
        if (slash == NULL)
            break;
    }
    return least;
}

static double version_1_quota(const struct look *look)
{
    unsigned long long quota, period;
    /* -1, no quota, reads as a number beyond all that make sense. */
    if (!read_number(look, "/sys/fs/cgroup/cpu/cpu.cfs_quota_us", &quota) ||
        !read_number(look, "/sys/fs/cgroup/cpu/cpu.cfs_period_us", &period) || period == 0)
        return 0;
    return quota < 1ull << 62 ? (double)quota / (double)period : 0;
}

static void look_at_quota(struct look *look)
{
    double quota = version_2_quota(look);
    if (quota <= 0)
        quota = version_1_quota(look);
    if (quota > 0)
        note(look, arena_print(look->arena,
                               "a cgroup quota of %.2f CPUs applies: whoever uses it up is stopped "
                               "in the middle of a benchmark, raise the container's limit or take "
                               "it away",
                               quota));
}

static DIR *open_folder(const struct look *look, const char *path)
{
    char full[PATH_BYTES];
    if (snprintf(full, sizeof full, "%s%s", look->root, path) >= (int)sizeof full)
        return NULL;
    return opendir(full);
}

/* Calls `take` with the name of each CPU's folder (cpu0, cpu1, …). */
static void each_cpu(const struct look *look,
                     void (*take)(const struct look *look, const char *cpu, void *context),
                     void *context)
{
    DIR *folder = open_folder(look, "/sys/devices/system/cpu");
    if (folder == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        const char *name = entry->d_name;
        if (strncmp(name, "cpu", 3) == 0 && name[3] != '\0' &&
            name[3 + strspn(name + 3, "0123456789")] == '\0')
            take(look, name, context);
    }
    closedir(folder);
}

struct governors {
    unsigned count, slow;
    char name[32]; /* of a slow one */
};

static void take_governor(const struct look *look, const char *cpu, void *context)
{
    struct governors *governors = context;
    char path[PATH_BYTES], text[FILE_BYTES];
    snprintf(path, sizeof path, "/sys/devices/system/cpu/%.32s/cpufreq/scaling_governor", cpu);
    if (!read_text(look, path, text))
        return;
    governors->count++;
    if (strcmp(text, "performance") != 0) {
        governors->slow++;
        /* One word, whatever the file holds. */
        snprintf(governors->name, sizeof governors->name, "%.*s",
                 (int)strspn(text, "abcdefghijklmnopqrstuvwxyz_"), text);
    }
}

static void look_at_governor(struct look *look)
{
    struct governors governors = {.count = 0};
    each_cpu(look, take_governor, &governors);
    if (governors.slow > 0)
        note(look,
             arena_print(look->arena,
                         "the CPU frequency governor is %s on %u of %u CPUs: the clock follows "
                         "the load, 'cpupower frequency-set -g performance' holds it",
                         governors.name, governors.slow, governors.count));
}

static void look_at_turbo(struct look *look)
{
    static const struct {
        const char *path;
        unsigned long long when_on, off;
    } rows[] = {
        {"/sys/devices/system/cpu/intel_pstate/no_turbo", 0, 1},
        {"/sys/devices/system/cpu/cpufreq/boost", 1, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned long long value;
        if (!read_number(look, rows[i].path, &value))
            continue;
        if (value == rows[i].when_on)
            note(look, arena_print(look->arena,
                                   "turbo (boost) is on: the clock depends on heat and neighbours, "
                                   "'echo %llu >%s' as root turns it off",
                                   rows[i].off, rows[i].path));
        return;
    }
}

/* A mouse has a battery too; its scope is Device. */
static bool discharges(const struct look *look, const char *supply)
{
    char path[PATH_BYTES], text[FILE_BYTES];
    snprintf(path, sizeof path, "/sys/class/power_supply/%.200s/scope", supply);
    if (read_text(look, path, text) && strcmp(text, "Device") == 0)
        return false;
    snprintf(path, sizeof path, "/sys/class/power_supply/%.200s/type", supply);
    if (!read_text(look, path, text) || strcmp(text, "Battery") != 0)
        return false;
    snprintf(path, sizeof path, "/sys/class/power_supply/%.200s/status", supply);
    return read_text(look, path, text) && strcmp(text, "Discharging") == 0;
}

static void look_at_battery(struct look *look)
{
    DIR *folder = open_folder(look, "/sys/class/power_supply");
    if (folder == NULL)
        return;
    bool found = false;
    for (struct dirent *entry; !found && (entry = readdir(folder)) != NULL;)
        found = entry->d_name[0] != '.' && discharges(look, entry->d_name);
    closedir(folder);
    if (found)
        note(look, "the machine runs on battery, which slows its CPUs down: plug it in");
}

static void take_throttling(const struct look *look, const char *cpu, void *context)
{
    static const char *const counters[] = {"core_throttle_count", "package_throttle_count"};
    unsigned long long *most = context;
    for (size_t i = 0; i < sizeof counters / sizeof counters[0]; i++) {
        char path[PATH_BYTES];
        unsigned long long count;
        snprintf(path, sizeof path, "/sys/devices/system/cpu/%.32s/thermal_throttle/%s", cpu,
                 counters[i]);
        if (read_number(look, path, &count) && count > *most)
            *most = count;
    }
}

static void look_at_throttling(struct look *look)
{
    unsigned long long most = 0;
    each_cpu(look, take_throttling, &most);
    if (most > 0)
        note(look,
             arena_print(look->arena,
                         "a CPU was slowed down for heat %llu time%s since the machine started: "
                         "let it cool, and see that its fans are free",
                         most, most == 1 ? "" : "s"));
}

/* "cpu user nice system idle iowait irq softirq steal guest guest_nice", guests counted in user. */
static void look_at_steal(struct look *look)
{
    enum { STEAL = 7, FIELDS = 8 };
    char text[FILE_BYTES];
    if (!read_text(look, "/proc/stat", text) || strncmp(text, "cpu ", 4) != 0)
        return;
    double total = 0, busy = 0, steal = 0;
    char *at = text + 4;
    for (int i = 0; i < FIELDS; i++) {
        char *end;
        double ticks = (double)strtoull(at, &end, 10);
        if (end == at)
            return;
        at = end;
        total += ticks;
        busy += i == 3 || i == 4 ? 0 : ticks;
        steal = i == STEAL ? ticks : steal;
    }
    /* Of the time that somebody here wanted to run: an idle machine has nothing stolen. */
    if (total > 0 && busy > 0 && steal / busy >= min_steal_ratio)
        note(look,
             arena_print(look->arena,
                         "the hypervisor gave %.1f %% of this machine's working time to others "
                         "since it started: use a machine with CPUs of its own, or more samples",
                         100 * steal / busy));
}

bool machine_notes(const char *root, struct arena *arena, struct machine_notes *notes)
{
    struct machine_notes found = {arena_zero(arena, MAX_NOTES, sizeof *found.all), 0};
    if (found.all == NULL)
        return false;
    struct look look = {root, arena, &found};
    look_at_load(&look);
    look_at_affinity(&look);
    look_at_quota(&look);
    look_at_governor(&look);
    look_at_turbo(&look);
    look_at_battery(&look);
    look_at_throttling(&look);
    look_at_steal(&look);
    if (arena->failed)
        return false;
    *notes = found;
    return true;
}
