/* machine: what is said of made-up machines. */
#include "tests/support.h"

#include <stdio.h>
#include <string.h>

#include "ci/run/machine.h"
#include "tests/run_support.h"

#define CPU "sys/devices/system/cpu/"
#define SUPPLY "sys/class/power_supply/"

/* A machine with four CPUs on which there is nothing to say. */
static void write_quiet(struct run_fixture *fixture)
{
    run_write(fixture, "proc/loadavg", "0.31 1.00 2.00 1/234 567\n");
    run_write(fixture, "proc/self/status",
              "Name:\tx\nCpus_allowed:\tf\nCpus_allowed_list:\t0-3\nX:\t1\n");
    run_write(fixture, "proc/self/cgroup", "0::/user/job\n");
    run_write(fixture, "proc/stat", "cpu  1000 0 500 90000 100 0 10 3 0 0\ncpu0 1 2 3\n");
    run_write(fixture, "sys/fs/cgroup/user/job/cpu.max", "max 100000\n");
    run_write(fixture, CPU "online", "0-3\n");
    run_write(fixture, CPU "cpufreq/boost", "0\n");
    run_write(fixture, CPU "intel_pstate/no_turbo", "1\n");
    run_write(fixture, SUPPLY "AC/type", "Mains\n");
    run_write(fixture, SUPPLY "BAT0/type", "Battery\n");
    run_write(fixture, SUPPLY "BAT0/status", "Charging\n");
    for (int i = 0; i < 4; i++) {
        char name[100];
        snprintf(name, sizeof name, CPU "cpu%d/cpufreq/scaling_governor", i);
        run_write(fixture, name, "performance\n");
        snprintf(name, sizeof name, CPU "cpu%d/thermal_throttle/core_throttle_count", i);
        run_write(fixture, name, "0\n");
    }
}

/* All notes, a line each. */
static const char *notes_of(struct run_fixture *fixture, const char *root)
{
    struct machine_notes notes;
    assert_true(machine_notes(root, &fixture->arena, &notes));
    const char *text = "";
    for (size_t i = 0; i < notes.count; i++)
        text = arena_print(&fixture->arena, "%s%s\n", text, notes.all[i]);
    return text;
}

struct example {
    const char *file, *content, *note; /* note "": nothing is said */
};

static void test_examples(void **state)
{
    struct run_fixture *fixture = *state;
    static const struct example examples[] = {
        {"proc/loadavg", "1.50 0 0 1/2 3\n",
         "the load average is 1.50 on 4 CPUs: other work runs here and disturbs the measurement, "
         "end it or wait until it is done\n"},
        {"proc/loadavg", "0.99 0 0 1/2 3\n", ""},
        {"proc/loadavg", "garbage\n", ""},
        {"proc/self/status", "X:\t1\nCpus_allowed_list:\t1,3\n",
         "this process may use only 2 of 4 CPUs: good if nothing else may use them, otherwise lift "
         "the restriction (taskset, cpuset)\n"},
        {"proc/self/status", "X:\t1\nCpus_allowed_list:\t1\n",
         "there is only one CPU to use: everything else on the machine takes turns with the "
         "benchmarks, give it two or more\n"},
        {"proc/self/status", "nothing\n", ""},
        {"sys/fs/cgroup/user/job/cpu.max", "150000 100000\n",
         "a cgroup quota of 1.50 CPUs applies: whoever uses it up is stopped in the middle of a "
         "benchmark, raise the container's limit or take it away\n"},
        {"sys/fs/cgroup/user/job/cpu.max", "", ""},
        {CPU "cpu2/cpufreq/scaling_governor", "powersave\n",
         "the CPU frequency governor is powersave on 1 of 4 CPUs: the clock follows the load, "
         "'cpupower frequency-set -g performance' holds it\n"},
        {CPU "intel_pstate/no_turbo", "0\n",
         "turbo (boost) is on: the clock depends on heat and neighbours, 'echo 1 "
         ">/sys/devices/system/cpu/intel_pstate/no_turbo' as root turns it off\n"},
        {SUPPLY "BAT0/status", "Discharging\n",
         "the machine runs on battery, which slows its CPUs down: plug it in\n"},
        {CPU "cpu1/thermal_throttle/core_throttle_count", "17\n",
         "a CPU was slowed down for heat 17 times since the machine started: let it cool, and see "
         "that its fans are free\n"},
        {CPU "cpu1/thermal_throttle/package_throttle_count", "1\n",
         "a CPU was slowed down for heat 1 time since the machine started: let it cool, and see "
         "that its fans are free\n"},
        {"proc/stat", "cpu  700 0 200 90000 100 0 0 100 0 0\n",
         "the hypervisor gave 10.0 % of this machine's working time to others since it started: "
         "use a machine with CPUs of its own, or more samples\n"},
        {"proc/stat", "cpu  700 0\n", ""},
    };
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        write_quiet(fixture);
        assert_string_equal(notes_of(fixture, fixture->folder), "");
        run_write(fixture, examples[i].file, examples[i].content);
        assert_string_equal(notes_of(fixture, fixture->folder), examples[i].note);
        run_shell(fixture, "rm -rf proc sys");
    }
}

/* The quota of a group around this one holds too; a container sees its own as the root. */
static void test_quota_around(void **state)
{
    struct run_fixture *fixture = *state;
    write_quiet(fixture);
    run_shell(fixture, "rm sys/fs/cgroup/user/job/cpu.max");
    run_write(fixture, "sys/fs/cgroup/cpu.max", "50000 100000\n");
    assert_non_null(strstr(notes_of(fixture, fixture->folder), "quota of 0.50 CPUs"));
    run_write(fixture, "sys/fs/cgroup/user/cpu.max", "300000 100000\n");
    run_write(fixture, "sys/fs/cgroup/user/job/cpu.max", "max 100000\n");
    assert_non_null(strstr(notes_of(fixture, fixture->folder), "quota of 0.50 CPUs"));
    run_write(fixture, "proc/self/cgroup", "0::/\n");
    assert_non_null(strstr(notes_of(fixture, fixture->folder), "quota of 0.50 CPUs"));
}

static void test_quota_version_1(void **state)
{
    struct run_fixture *fixture = *state;
    write_quiet(fixture);
    run_shell(fixture, "rm -r sys/fs/cgroup");
    run_write(fixture, "proc/self/cgroup", "4:cpu,cpuacct:/x\n");
    run_write(fixture, "sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
    run_write(fixture, "sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
    assert_string_equal(notes_of(fixture, fixture->folder), "");
    run_write(fixture, "sys/fs/cgroup/cpu/cpu.cfs_quota_us", "250000\n");
    assert_non_null(strstr(notes_of(fixture, fixture->folder), "quota of 2.50 CPUs"));
}

static void test_amd_boost(void **state)
{
    struct run_fixture *fixture = *state;
    write_quiet(fixture);
    run_shell(fixture, "rm -r " CPU "intel_pstate");
    run_write(fixture, CPU "cpufreq/boost", "1\n");
    assert_non_null(strstr(notes_of(fixture, fixture->folder),
                           "'echo 0 >/sys/devices/system/cpu/cpufreq/boost' as root"));
}

static void test_mouse(void **state)
{
    struct run_fixture *fixture = *state;
    write_quiet(fixture);
    run_write(fixture, SUPPLY "hid0/type", "Battery\n");
    run_write(fixture, SUPPLY "hid0/scope", "Device\n");
    run_write(fixture, SUPPLY "hid0/status", "Discharging\n");
    assert_string_equal(notes_of(fixture, fixture->folder), "");
}

static void test_one_line_each(void **state)
{
    struct run_fixture *fixture = *state;
    write_quiet(fixture);
    run_write(fixture, CPU "cpu0/cpufreq/scaling_governor", "two\nlines\033[1m\n");
    const char *text = notes_of(fixture, fixture->folder);
    assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
    assert_null(strchr(text, '\033'));
}

/* Nothing to read is nothing to say; and the machine at hand can be looked at. */
static void test_bare(void **state)
{
    struct run_fixture *fixture = *state;
    assert_string_equal(notes_of(fixture, fixture->folder), "");
    assert_non_null(notes_of(fixture, ""));
}

static void test_no_memory(void **state)
{
    struct run_fixture *fixture = *state;
    write_quiet(fixture);
    run_write(fixture, "proc/loadavg", "9 9 9\n");
    for (size_t allowed = 0; allowed < 2; allowed++) {
        struct machine_notes notes = {NULL, 77};
        fixture->arena.remaining = allowed;
        assert_false(machine_notes(fixture->folder, &fixture->arena, &notes));
        fixture->arena.remaining = SIZE_MAX;
        fixture->arena.failed = false;
        assert_int_equal(notes.count, 77);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, run_setup, run_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_examples),  TEST(test_quota_around), TEST(test_quota_version_1),
        TEST(test_amd_boost), TEST(test_mouse),        TEST(test_one_line_each),
        TEST(test_bare),      TEST(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
