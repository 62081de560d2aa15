/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ahb_check: checks cycles.csv files against the rules of AMBA 2 AHB.
 *
 *     ahb_check [--width N] [--max-waits N] [--ignore-lock] [--grant-nobody] [--skip RULE]
 *               [--rules] FILE.csv...
 *
 * Prints `FILE: cycle N: RULE: what (clause)` for each violation, at most ten a file. Exit status:
 * 0 nothing found, 1 violations, 2 a file could not be read or a wrong argument.
 */
#include "ahb_checker.h"

#include <stdlib.h>
#include <string.h>

struct listing {
    const char *path;
    unsigned printed;
};

static void print_violation(void *context, uint64_t cycle, enum ahb_check_rule rule,
                            const char *text)
{
    struct listing *listing = context;
    if (listing->printed++ < 10)
        printf("%s: cycle %llu: %s: %s (IHI 0011A %s)\n", listing->path, (unsigned long long)cycle,
               ahb_check_rules[rule].name, text, ahb_check_rules[rule].clause);
}

/* Violations of a file, -1 if it could not be read. */
static long long check_file(const char *path, const struct ahb_check_options *options,
                            uint64_t *rows)
{
    FILE *file = fopen(path, "r");
    if (!file) {
        perror(path);
        return -1;
    }
    struct ahb_check_reader reader;
    struct ahb_check_row row;
    struct ahb_checker checker;
    struct listing listing = {.path = path};
    ahb_checker_init(&checker, options, print_violation, &listing);
    if (ahb_check_reader_init(&reader, file)) {
        while (ahb_check_reader_next(&reader, &row)) {
            if (checker.rows == 0 && options->width_bits == 0)
                checker.options.width_bits = reader.width_bits;
            ahb_checker_row(&checker, &row);
        }
    }
    fclose(file);
    *rows += checker.rows;
    if (reader.error[0] != '\0' || checker.rows == 0) {
        fprintf(stderr, "%s: %s\n", path, reader.error[0] ? reader.error : "no rows");
        return -1;
    }
    if (listing.printed > 10)
        printf("%s: %u more\n", path, listing.printed - 10);
    return (long long)checker.violations;
}

static int usage(void)
{
    fputs("usage: ahb_check [--width N] [--max-waits N] [--ignore-lock] [--grant-nobody]\n"
          "                 [--skip RULE] [--rules] FILE.csv...\n",
          stderr);
    return 2;
}

int main(int argc, char **argv)
{
    struct ahb_check_options options = {0};
    int i = 1;
    for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--ignore-lock") == 0) {
            options.ignore_lock = true;
        } else if (strcmp(argv[i], "--grant-nobody") == 0) {
            options.grant_nobody = true;
        } else if (strcmp(argv[i], "--rules") == 0) {
            check_rules_print(ahb_check_rules, "");
            return 0;
        } else if (strcmp(argv[i], "--width") == 0) {
            options.width_bits = (uint32_t)strtoul(value, NULL, 10);
            if (options.width_bits < 8 || options.width_bits > 128)
                return usage();
            i++;
        } else if (strcmp(argv[i], "--max-waits") == 0) {
            options.max_waits = (uint32_t)strtoul(value, NULL, 10);
            i++;
        } else if (strcmp(argv[i], "--skip") == 0) {
            unsigned rule = check_rule_find(ahb_check_rules, value);
            if (rule == CHECK_RULE_COUNT)
                return usage();
            options.skip[rule] = true;
            i++;
        } else {
            return usage();
        }
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
    printf("%d files, %llu cycles: %d with violations, %d unreadable\n", files,
           (unsigned long long)rows, bad, unread);
    return unread ? 2 : bad ? 1 : 0;
}
