# benchgate. `make` builds build/benchgate; `make help` lists the rest.
#
# Everything that is made goes to $(BUILD), so that variants (release, sanitizers, another
# compiler) stand beside each other. Optional: CC, CFLAGS, BUILD, PREFIX, DESTDIR, WERROR=1.

VERSION := 0.1.0
BUILD   ?= build
PREFIX  ?= /usr/local
CC      ?= cc

PACKAGES := gsl jansson libpcre2-8 libzstd zlib
# Loaded when they are needed: as libraries of the program they would take most of the time to start.
LOADED   := libcurl libgit2
CPPFLAGS += -D_XOPEN_SOURCE=700 -D_FORTIFY_SOURCE=2 -I. -DBENCHGATE_VERSION='"$(VERSION)"'
CFLAGS   ?= -O2 -g
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla \
            -Wpointer-arith -Wwrite-strings -Wformat=2 -Wundef -Wcast-qual -Wnull-dereference
ifdef WERROR
WARNINGS += -Werror
endif
HARDEN   ?= -fstack-protector-strong -fPIE
LDHARDEN ?= -pie $(if $(filter Linux,$(shell uname -s)),-Wl$(comma)-z$(comma)relro$(comma)-z$(comma)now)
comma    := ,
ALL_CFLAGS = -std=c17 -ffp-contract=off $(WARNINGS) $(HARDEN) $(CFLAGS) $(SANITIZE) \
             $(shell pkg-config --cflags $(PACKAGES) $(LOADED))
ALL_LIBS   = $(shell pkg-config --libs $(PACKAGES)) -lm $(if $(filter Linux,$(shell uname -s)),-ldl)
# The program alone is optimised as a whole, by gcc (5 % of its time), from objects of its own: tests
# would each take seconds to link. LTO= builds it from theirs.
ifeq ($(origin LTO),undefined)
LTO     := $(if $(SANITIZE)$(findstring clang,$(shell $(CC) --version)),,-flto=auto)
endif
PARTS   := $(if $(LTO),lto,obj)
TEST_LIBS  = $(shell pkg-config --libs cmocka)

SOURCES := $(filter-out cmd/main.c,$(wildcard cmd/*.c ci/*.c ci/*/*.c stats/*.c parsers/*.c))
HEADERS := $(wildcard cmd/*.h ci/*.h ci/*/*.h stats/*.h parsers/*.h tests/*.h tests/*/*.h)
OBJECTS := $(SOURCES:%.c=$(BUILD)/obj/%.o) $(BUILD)/obj/ci/policy/schema.o \
           $(BUILD)/obj/ci/report/page.o $(BUILD)/obj/ci/report/schema.o
PROGRAM := $(patsubst $(BUILD)/obj/%,$(BUILD)/$(PARTS)/%,$(BUILD)/obj/cmd/main.o $(OBJECTS))
SCHEMA  := ci/policy/benchgate.schema.json
REPORT_SCHEMA := ci/report/report.schema.json
PAGE    := ci/report/page.css ci/report/page.js
TESTS   := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/*_test.c tests/property/*_test.c))
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/*_fuzz.c))
SUPPORT := $(patsubst tests/%.c,$(BUILD)/obj/tests/%.o,$(wildcard tests/*.c))
BENCHES := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(wildcard tests/bench/*_bench.c))

.DELETE_ON_ERROR:
.PHONY: all deps demo test check programs bench lint asan clang fuzz fuzzers install uninstall clean help \
        fixtures golden-update
.SECONDARY:

all: $(BUILD)/benchgate

help:
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

$(BUILD)/benchgate: $(PROGRAM)
	$(CC) $(ALL_CFLAGS) $(LTO) $(LDFLAGS) $(LDHARDEN) -o $@ $^ $(ALL_LIBS)

$(BUILD)/libbenchgate.a: $(OBJECTS)
	@rm -f $@
	$(AR) rcs $@ $^

define compile
@mkdir -p $(@D)
$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(1) -MMD -MP -c -o $@ $<
endef

$(BUILD)/obj/%.o: %.c Makefile
	$(compile)

$(BUILD)/lto/%.o: %.c Makefile
	$(call compile,$(LTO))

$(BUILD)/obj/ci/rev/libgit2.o $(BUILD)/lto/ci/rev/libgit2.o: ALL_CFLAGS += -DLIBGIT2_FOLDER='"$(shell pkg-config --variable=libdir libgit2)"'

$(BUILD)/obj/%.o: $(BUILD)/made/%.c Makefile
	$(compile)

$(BUILD)/lto/%.o: $(BUILD)/made/%.c Makefile
	$(call compile,$(LTO))

# Files' bytes as arrays: strings have a longest length in C. $(call arrays,HEADER,FILE NAME…)
arrays = { echo '\#include "$(1)"'; set -- $(2); while [ $$\# -gt 0 ]; do \
	  echo "const char $$2[] = {"; od -An -v -td1 "$$1" | sed 's/[0-9-][0-9]*/&,/g'; \
	  echo '0};'; echo "const size_t $$2_bytes = sizeof $$2 - 1;"; shift 2; done; } >$@

$(BUILD)/made/ci/policy/schema.c: $(SCHEMA) Makefile
	@mkdir -p $(@D)
	@$(call arrays,ci/policy/schema.h,$(SCHEMA) policy_schema)

$(BUILD)/made/ci/report/schema.c: $(REPORT_SCHEMA) Makefile
	@mkdir -p $(@D)
	@$(call arrays,ci/report/schema.h,$(REPORT_SCHEMA) report_schema)

$(BUILD)/made/ci/report/page.c: $(PAGE) Makefile
	@mkdir -p $(@D)
	@$(call arrays,ci/report/page.h,ci/report/page.css page_css ci/report/page.js page_js)

$(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(SUPPORT) $(BUILD)/libbenchgate.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) $(LDHARDEN) -o $@ $^ $(TEST_LIBS) $(ALL_LIBS)

$(BUILD)/bench/%: $(BUILD)/obj/tests/bench/%.o $(SUPPORT) $(BUILD)/libbenchgate.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) $(LDHARDEN) -o $@ $^ $(TEST_LIBS) $(ALL_LIBS)

$(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(BUILD)/obj/tests/fuzz/support.o $(BUILD)/libbenchgate.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) $(LDHARDEN) -fsanitize=fuzzer -o $@ $^ $(ALL_LIBS)

# Replays a fuzz corpus without libFuzzer, so that every compiler runs it in `make test`.
$(BUILD)/replay/%: $(BUILD)/obj/tests/fuzz/%.o $(BUILD)/obj/tests/fuzz/replay.o \
  $(BUILD)/obj/tests/fuzz/support.o $(BUILD)/libbenchgate.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) $(LDHARDEN) -o $@ $^ $(ALL_LIBS)

deps: ## install what is missing (Debian, Ubuntu); says what to install elsewhere
	@.ci/setup build test go

demo: ## install what is missing, build, and check a small Go module with a slower commit
	@.ci/setup build demo
	@$(MAKE) --no-print-directory -s all
	@tests/demo $(BUILD)/benchgate

test: ## install what is missing, build, run every test
	@.ci/setup build test go
	@$(MAKE) --no-print-directory check

programs: all $(TESTS) $(BENCHES) $(FUZZERS:$(BUILD)/fuzz/%=$(BUILD)/replay/%)

check: all $(TESTS) $(FUZZERS:$(BUILD)/fuzz/%=$(BUILD)/replay/%)
	@BUILD=$(BUILD) CC="$(CC)" WITHOUT="$(WITHOUT)" tests/run $(TESTS)

bench: all $(BENCHES) ## measure speed, and the error rates that the gate promises
	@BUILD=$(BUILD) tests/bench/run

lint: ## clang-format, clang-tidy, cppcheck, and the rules of this repository
	@.ci/setup build lint
	@tests/lint/run $(SOURCES) cmd/main.c

asan: ## every test under AddressSanitizer and UndefinedBehaviorSanitizer, but for what is only numbers
	@$(MAKE) --no-print-directory check BUILD=build/asan WITHOUT="layers html rates_property_test" \
	  CFLAGS="-O1 -g -fno-omit-frame-pointer" \
	  SANITIZE="-fsanitize=address,undefined -fno-sanitize-recover=all" CPPFLAGS="-D_XOPEN_SOURCE=700 -I. -DBENCHGATE_VERSION='\"$(VERSION)\"'"

clang: ## every test but golden runs of Go, built by clang with warnings as errors
	@$(MAKE) --no-print-directory check BUILD=build/clang CC=clang WERROR=1 WITHOUT="layers html --go --alone"

fuzz: ## each fuzz target for FUZZ_SECONDS (30)
	@.ci/setup build test lint
	@$(MAKE) --no-print-directory fuzzers BUILD=build/fuzz CC=clang CFLAGS="-O1 -g" \
	  SANITIZE="-fsanitize=address,undefined -fsanitize=fuzzer-no-link -fno-sanitize-recover=all"
	@BUILD=build/fuzz tests/fuzz/run $(FUZZERS:$(BUILD)/%=build/fuzz/%)

fuzzers: $(FUZZERS)

fixtures: ## remake the benchmark files in fixtures/ with the Go toolchains of the distribution
	@fixtures/remake

golden-update: all ## rewrite what the golden tests expect; read the diff before you commit it
	@BUILD=$(BUILD) tests/golden/run --update

install: all ## into $(DESTDIR)$(PREFIX)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/benchgate \
	  $(DESTDIR)$(PREFIX)/share/doc/benchgate
	install -m 755 $(BUILD)/benchgate $(DESTDIR)$(PREFIX)/bin/benchgate
	install -m 644 $(SCHEMA) $(DESTDIR)$(PREFIX)/share/benchgate/benchgate.schema.json
	install -m 644 $(REPORT_SCHEMA) $(DESTDIR)$(PREFIX)/share/benchgate/report.schema.json
	install -m 644 README.md LICENSE CHANGELOG.md $(DESTDIR)$(PREFIX)/share/doc/benchgate

uninstall: ## what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/benchgate
	rm -rf $(DESTDIR)$(PREFIX)/share/benchgate $(DESTDIR)$(PREFIX)/share/doc/benchgate

clean: ## remove build/
	rm -rf build

-include $(shell find $(BUILD)/obj $(BUILD)/lto -name '*.d' 2>/dev/null)
