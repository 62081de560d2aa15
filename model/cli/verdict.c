/* SPDX-License-Identifier: BSD-2-Clause */
/* verdict: messages on stderr, and a report as JUnit's XML, which CI servers read. */
#include "cli/verdict.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/options.h"

int verdict_tell(struct dmasim_trace *trace, const char *scenario)
{
    struct dmasim_check check;
    int code, status = CLI_GOOD;
    for (size_t i = 0; (code = dmasim_trace_check(trace, i, &check)) == DMASIM_OK; i++) {
        if (check.holds)
            continue;
        status = CLI_FALSE;
        cli_put(stderr, check.file ? check.file : scenario);
        if (check.file)
            fprintf(stderr, ":%d:%d", check.line, check.column);
        fputs(check.file ? ": expected " : ": expected that ", stderr);
        cli_put(stderr, check.text);
        fputs(": ", stderr);
        cli_put(stderr, check.found);
        fputs("\n", stderr);
    }
    if (code == DMASIM_UNMAPPED)
        return status;
    fprintf(stderr, "dmasim: error: %s\n", dmasim_code_text(code));
    return CLI_USAGE;
}

/* ---- JUnit ----------------------------------------------------------------------------------- */

/* Text of an attribute or an element. What XML cannot have is "?". */
static void put_xml(FILE *to, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            fputs("&amp;", to);
            break;
        case '<':
            fputs("&lt;", to);
            break;
        case '>':
            fputs("&gt;", to);
            break;
        case '"':
            fputs("&quot;", to);
            break;
        default:
            putc((unsigned char)*text < 0x20 || *text == 0x7f ? '?' : *text, to);
        }
    }
}

static void put_case(FILE *to, const char *suite, const struct dmasim_check *check,
                     const char *element)
{
    fputs("    <testcase classname=\"", to);
    put_xml(to, suite);
    fputs("\" name=\"", to);
    put_xml(to, check->text);
    if (check->holds) {
        fputs("\"/>\n", to);
        return;
    }
    fprintf(to, "\">\n      <%s message=\"", element);
    put_xml(to, check->found);
    fputs("\">", to);
    put_xml(to, check->file ? check->file : "");
    if (check->line)
        fprintf(to, ":%d:%d", check->line, check->column);
    fprintf(to, "</%s>\n    </testcase>\n", element);
}

static void put_suite(FILE *to, const char *suite, struct dmasim_trace *trace,
                      const struct dmasim_error *error)
{
    struct dmasim_check check;
    size_t count = 0, failures = 0;
    for (; trace && dmasim_trace_check(trace, count, &check) == DMASIM_OK; count++)
        failures += !check.holds;
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"", to);
    put_xml(to, suite);
    fprintf(to, "\" tests=\"%zu\" failures=\"%zu\" errors=\"%d\" skipped=\"0\">\n", count + !trace,
            failures, !trace);
    for (size_t i = 0; i < count; i++)
        if (dmasim_trace_check(trace, i, &check) == DMASIM_OK)
            put_case(to, suite, &check, "failure");
    if (!trace) {
        check = (struct dmasim_check){.text = "the scenario can be run",
                                      .found = error->text,
                                      .file = error->file,
                                      .line = error->line,
                                      .column = error->column};
        put_case(to, suite, &check, "error");
    }
    fputs("  </testsuite>\n</testsuites>\n", to);
}

bool verdict_junit(const char *path, const char *suite, struct dmasim_trace *trace,
                   const struct dmasim_error *error)
{
    FILE *to = fopen(path, "wb");
    if (to)
        put_suite(to, suite, trace, error);
    const bool good = to && !ferror(to);
    if (to && fclose(to) == 0 && good)
        return true;
    const int number = errno;
    cli_put(stderr, path);
    fprintf(stderr, ": error: %s\n", strerror(number));
    return false;
}
