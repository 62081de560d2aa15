/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_check: checks cycles.csv files against the rules of AXI4, AXI4-Lite and AXI4-Stream. A file with
 * a column TVALID is a stream.
 *
 *     axi_check [OPTION...] FILE.csv...
 *
 * Prints `FILE:LINE: cycle N: RULE: what (section)` for each violation, at most ten a file. Exit status:
 * 0 nothing found, 1 violations, 2 a file could not be read or a wrong argument.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "axi_checker.h"
#include "stream_checker.h"

static const char usage_text[] =
    "usage: axi_check [OPTION...] FILE.csv...\n"
    "  --width N         bits of the data (default: by the digits of the columns)\n"
    "  --lite            AXI4-Lite\n"
    "  --cross-4kib      bursts may cross 4 KiB\n"
    "  --no-interleave   read bursts, or packets of a stream, do not interleave\n"
    "  --ahead N         at most N W bursts ahead of their AW\n"
    "  --packed          a stream has null bytes after the end of a packet only\n"
    "  --packet-beats N  transfers of every packet of a stream\n"
    "  --complete        nothing is under way when the trace ends\n"
    "  --skip RULE       leave a rule out, of AXI or of streams\n"
    "  --rules           list the rules\n";

enum { PRINTED_MAX = 10 };

struct options {
    struct axi_check_options axi;
    struct stream_check_options stream;
};

struct listing {
    const char *path;
    const unsigned long *line;
    unsigned printed;
};

static void print(struct listing *listing, uint64_t cycle, const char *rule, const char *text,
                  const char *document, const char *clause)
{
    if (listing->printed++ < PRINTED_MAX)
        printf("%s:%lu: cycle %" PRIu64 ": %s: %s (%s %s)\n", listing->path, *listing->line, cycle,
               rule, text, document, clause);
}

static void print_axi(void *context, uint64_t cycle, enum axi_check_rule rule, const char *text)
{
    print(context, cycle, axi_check_rules[rule].name, text, "IHI 0022",
          axi_check_rules[rule].clause);
}

static void print_stream(void *context, uint64_t cycle, enum stream_check_rule rule,
                         const char *text)
{
    print(context, cycle, stream_check_rules[rule].name, text, "IHI 0051",
          stream_check_rules[rule].clause);
}

/* Violations of a file and its rows; -1 if it could not be read, with a message printed. */
static long long judge(const char *path, const char *error, uint64_t file_rows,
                       const struct listing *listing, uint64_t violations, uint64_t *rows)
{
    *rows += file_rows;
    if (error[0] != '\0' || file_rows == 0) {
        fprintf(stderr, "%s: %s\n", path, error[0] ? error : "no rows");
        return -1;
    }
    if (listing->printed > PRINTED_MAX)
        printf("%s: %u more\n", path, listing->printed - PRINTED_MAX);
    return (long long)violations;
}

static long long check_axi(const char *path, FILE *file, const struct options *options,
                           uint64_t *rows)
{
    struct axi_check_reader reader;
    struct axi_check_row row;
    struct axi_checker checker;
    struct listing listing = {.path = path, .line = &reader.csv.line};
    axi_checker_init(&checker, &options->axi, print_axi, &listing);
    if (axi_check_reader_init(&reader, file)) {
        while (axi_check_reader_next(&reader, &row)) {
            if (options->axi.width_bits == 0 && reader.width_bits > 0)
                checker.options.width_bits = reader.width_bits;
            axi_checker_row(&checker, &row);
        }
        axi_checker_end(&checker);
    }
    if (checker.out_of_memory)
        snprintf(reader.csv.error, sizeof(reader.csv.error), "out of memory");
    axi_checker_free(&checker);
    uint64_t file_rows = reader.csv.line > 0 ? reader.csv.line - 1 : 0;
    return judge(path, reader.csv.error, file_rows, &listing, checker.violations, rows);
}

static long long check_stream(const char *path, FILE *file, const struct options *options,
                              uint64_t *rows)
{
    struct stream_check_reader reader;
    struct stream_check_row row;
    struct stream_checker checker;
    struct listing listing = {.path = path, .line = &reader.csv.line};
    stream_checker_init(&checker, &options->stream, print_stream, &listing);
    if (stream_check_reader_init(&reader, file)) {
        while (stream_check_reader_next(&reader, &row)) {
            if (options->stream.width_bits == 0 && reader.width_bits > 0)
                checker.options.width_bits = reader.width_bits;
            stream_checker_row(&checker, &row);
        }
        stream_checker_end(&checker);
    }
    uint64_t file_rows = reader.csv.line > 0 ? reader.csv.line - 1 : 0;
    return judge(path, reader.csv.error, file_rows, &listing, checker.violations, rows);
}

/* True if the header has a column TVALID. Goes back to the start. */
static bool is_stream(FILE *file)
{
    static const struct check_csv_column tvalid = {"TVALID", CHECK_CSV_DECIMAL, 0};
    struct check_csv csv;
    bool stream = check_csv_init(&csv, file, &tvalid, 1) && csv.present[0];
    rewind(file);
    return stream;
}

static long long check_file(const char *path, const struct options *options, uint64_t *rows)
{
    FILE *file = fopen(path, "r");
    if (!file) {
        perror(path);
        return -1;
    }
    long long violations = is_stream(file) ? check_stream(path, file, options, rows)
                                           : check_axi(path, file, options, rows);
    fclose(file);
    return violations;
}

static void list_rules(void)
{
    puts("AXI4 (IHI 0022; sections from memory, check them against your copy)");
    check_rules_print(axi_check_rules, "  ");
    puts("AXI4-Stream (IHI 0051; the same)");
    check_rules_print(stream_check_rules, "  ");
}

static int usage(void)
{
    fputs(usage_text, stderr);
    return 2;
}

static bool read_count(const char *text, uint32_t least, uint32_t most, uint32_t *count)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);
    *count = (uint32_t)value;
    return *text >= '0' && *text <= '9' && *end == '\0' && value >= least && value <= most;
}

/* Takes an option with a value. False if it is none, or the value is wrong. */
static bool take_value(struct options *options, const char *name, const char *value)
{
    if (strcmp(name, "--width") == 0) {
        bool good = read_count(value, 8, 8 * CHECK_CSV_WIDE_BYTES, &options->axi.width_bits);
        options->stream.width_bits = options->axi.width_bits;
        return good && options->axi.width_bits % 8 == 0;
    }
    if (strcmp(name, "--ahead") == 0) {
        options->axi.limit_ahead = true;
        return read_count(value, 0, UINT32_MAX - 1, &options->axi.ahead);
    }
    if (strcmp(name, "--packet-beats") == 0)
        return read_count(value, 1, UINT32_MAX, &options->stream.packet_beats);
    if (strcmp(name, "--skip") != 0)
        return false;
    unsigned axi = check_rule_find(axi_check_rules, value);
    unsigned stream = check_rule_find(stream_check_rules, value);
    if (axi != AXI_CHECK_RULE_COUNT)
        options->axi.skip[axi] = true;
    if (stream != STREAM_CHECK_RULE_COUNT)
        options->stream.skip[stream] = true;
    return axi != AXI_CHECK_RULE_COUNT || stream != STREAM_CHECK_RULE_COUNT;
}

static bool take_flag(struct options *options, const char *name)
{
    if (strcmp(name, "--lite") == 0)
        options->axi.lite = true;
    else if (strcmp(name, "--cross-4kib") == 0)
        options->axi.cross_4kib = true;
    else if (strcmp(name, "--no-interleave") == 0)
        options->axi.no_interleave = options->stream.no_interleave = true;
    else if (strcmp(name, "--packed") == 0)
        options->stream.packed = true;
    else if (strcmp(name, "--complete") == 0)
        options->axi.complete = options->stream.complete = true;
    else
        return false;
    return true;
}

int main(int argc, char **argv)
{
    struct options options = {.axi = {0}};
    int i = 1;
    for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
        if (strcmp(argv[i], "--rules") == 0) {
            list_rules();
            return 0;
        }
        if (take_flag(&options, argv[i]))
            continue;
        if (i + 1 == argc || !take_value(&options, argv[i], argv[i + 1]))
            return usage();
        i++;
    }
    if (i == argc)
        return usage();

    int files = 0, bad = 0, unread = 0;
    uint64_t rows = 0;
    for (; i < argc; i++, files++) {
        long long violations = check_file(argv[i], &options, &rows);
        unread += violations < 0;
        bad += violations > 0;
    }
    printf("%d files, %" PRIu64 " cycles: %d with violations, %d unreadable\n", files, rows, bad,
           unread);
    return unread ? 2 : bad ? 1 : 0;
}
