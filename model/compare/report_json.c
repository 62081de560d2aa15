/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <string.h>

#include "compare/report.h"

static const char *const verdicts[] = {"same", "different", "error"};

static void list(FILE *out, const char *name, const struct texts *texts)
{
    fprintf(out, "\"%s\": [", name);
    for (size_t i = 0; i < texts->count; i++) {
        fputs(i ? ", " : "", out);
        json_print(texts->all[i], out);
    }
    fputs("]", out);
}

static void text(FILE *out, const char *name, const char *value)
{
    fprintf(out, "\"%s\": ", name);
    json_print(value ? value : "", out);
}

static void number(FILE *out, const char *name, uint64_t value)
{
    if (value)
        fprintf(out, "\"%s\": %" PRIu64, name, value);
    else
        fprintf(out, "\"%s\": null", name);
}

/* What every comparison has; without the braces. */
static void body(FILE *out, const struct comparison *result)
{
    char time[TRACE_TIME_ROOM], unit[TRACE_TIME_ROOM];
    const bool bad = result->verdict == COMPARE_ERROR;
    const char *scale = result->scale ? result->scale : trace_unit_print(result->unit_fs, unit);
    fprintf(out, "\"verdict\": \"%s\", \"first\": ", verdicts[result->verdict]);
    if (result->first_given && !bad) {
        fprintf(out, "{\"time\": \"%s\", ", trace_time_print(result->first, result->unit_fs, time));
        text(out, "timescale", scale);
        if (result->first_edge)
            fprintf(out, ", \"edge\": %" PRIu64, result->first_edge);
        fputs(", ", out);
        list(out, "signals", &result->first_names);
        fputs("}, ", out);
    } else {
        fputs("null, ", out);
    }
    list(out, "only_a", &result->only_a);
    fputs(", ", out);
    list(out, "only_b", &result->only_b);
    fputs(", ", out);
    list(out, "kind", &result->kind);
    fputs(", \"differences\": [", out);
    for (size_t i = 0; i < result->signal_count && !bad; i++) {
        const struct compare_signal *signal = &result->signals[i];
        fputs(i ? ", {" : "{", out);
        text(out, "name", signal->name);
        fprintf(out, ", \"count\": %" PRIu64 ", \"first\": \"%s\", ", signal->count,
                trace_time_print(signal->first, result->unit_fs, time));
        text(out, "a", signal->a);
        fputs(", ", out);
        text(out, "b", signal->b);
        fputs("}", out);
    }
    fprintf(out, "], \"compared\": %" PRIu64 ", \"error\": ", result->compared);
    if (!bad) {
        fputs("null", out);
        return;
    }
    fputs("{\"side\": ", out);
    if (result->error_side)
        fprintf(out, "\"%c\", ", result->error_side);
    else
        fputs("null, ", out);
    number(out, "line", result->error_line);
    fputs(", ", out);
    number(out, "column", result->error_column);
    fputs(", ", out);
    text(out, "message", result->error_text);
    fputs("}", out);
}

void report_json(const struct report *self, const struct comparison *result)
{
    fputs("{", self->out);
    body(self->out, result);
    fputs("}\n", self->out);
}

static void files(FILE *out, const char *name, const struct folder_comparison *result, int side)
{
    const char *comma = "";
    fprintf(out, "\"%s\": [", name);
    for (size_t i = 0; i < result->count; i++) {
        if (result->files[i].path[!side])
            continue;
        fputs(comma, out);
        json_print(result->files[i].name, out);
        comma = ", ";
    }
    fputs("]", out);
}

void report_folders_json(const struct report *self, const struct folder_comparison *result)
{
    FILE *out = self->out;
    fprintf(out, "{\"verdict\": \"%s\", \"first\": null, ", verdicts[result->verdict]);
    files(out, "only_a", result, 0);
    fputs(", ", out);
    files(out, "only_b", result, 1);
    fputs(", \"kind\": [], \"files\": [", out);
    const char *comma = "";
    for (size_t i = 0; i < result->count; i++) {
        if (!result->files[i].path[0] || !result->files[i].path[1])
            continue;
        fprintf(out, "%s{", comma);
        text(out, "name", result->files[i].name);
        fputs(", ", out);
        body(out, &result->files[i].result);
        fputs("}", out);
        comma = ", ";
    }
    fputs("], \"error\": ", out);
    if (result->error[0]) {
        fputs("{\"side\": null, \"line\": null, \"column\": null, ", out);
        text(out, "message", result->error);
        fputs("}", out);
    } else {
        fputs("null", out);
    }
    fputs("}\n", out);
}

/* ---- JUnit ----------------------------------------------------------------------------------- */

static void xml(const char *text, FILE *out)
{
    for (; *text; text++) {
        const unsigned char c = (unsigned char)*text;
        if (c == '<')
            fputs("&lt;", out);
        else if (c == '>')
            fputs("&gt;", out);
        else if (c == '&')
            fputs("&amp;", out);
        else if (c == '"')
            fputs("&quot;", out);
        else if (c < ' ' || c >= 127)
            fputs("?", out);
        else
            fputc(c, out);
    }
}

static void one_case(const struct report *self, const char *name, const struct comparison *result)
{
    fputs("  <testcase classname=\"dmasim diff\" name=\"", self->out);
    xml(name, self->out);
    fputs("\"", self->out);
    if (result->verdict == COMPARE_SAME) {
        fputs("/>\n", self->out);
        return;
    }
    char time[TRACE_TIME_ROOM], unit[TRACE_TIME_ROOM];
    const char *tag = result->verdict == COMPARE_ERROR ? "error" : "failure";
    fprintf(self->out, ">\n    <%s message=\"", tag);
    if (result->verdict == COMPARE_ERROR) {
        fprintf(self->out, "%c:%" PRIu64 ": ", result->error_side ? result->error_side : '-',
                result->error_line);
        xml(result->error_text, self->out);
    } else if (result->first_given) {
        fprintf(self->out, "first difference at %s",
                trace_time_print(result->first, result->unit_fs, time));
        fprintf(self->out, " (%s)",
                result->scale ? result->scale : trace_unit_print(result->unit_fs, unit));
    } else {
        fputs("not the same signals on both sides", self->out);
    }
    fputs("\">", self->out);
    for (size_t i = 0; i < result->signal_count && i < self->max; i++) {
        xml(result->signals[i].name, self->out);
        fputs(": A ", self->out);
        xml(result->signals[i].a, self->out);
        fputs(", B ", self->out);
        xml(result->signals[i].b, self->out);
        fputs("\n", self->out);
    }
    const struct texts *const lists[] = {&result->only_a, &result->only_b, &result->kind};
    static const char *const titles[] = {"only in A", "only in B", "of another kind or size"};
    for (int k = 0; k < 3; k++) {
        for (size_t i = 0; i < lists[k]->count && i < self->max; i++) {
            fprintf(self->out, "%s: ", titles[k]);
            xml(lists[k]->all[i], self->out);
            fputs("\n", self->out);
        }
    }
    fprintf(self->out, "</%s>\n  </testcase>\n", tag);
}

static void suite(const struct report *self, size_t tests, size_t failures, size_t errors)
{
    fprintf(self->out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<testsuite name=\"dmasim diff\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\">\n",
            tests, failures, errors);
}

void report_junit(const struct report *self, const struct comparison *result)
{
    char name[512];
    snprintf(name, sizeof name, "%s %s", self->path[0], self->path[1]);
    suite(self, 1, result->verdict == COMPARE_DIFFERENT, result->verdict == COMPARE_ERROR);
    one_case(self, name, result);
    fputs("</testsuite>\n", self->out);
}

void report_folders_junit(const struct report *self, const struct folder_comparison *result)
{
    size_t failures = 0, errors = result->error[0] != '\0';
    for (size_t i = 0; i < result->count; i++) {
        failures += result->files[i].result.verdict == COMPARE_DIFFERENT;
        errors += result->files[i].result.verdict == COMPARE_ERROR;
    }
    suite(self, result->count + (result->error[0] != '\0'), failures, errors);
    if (result->error[0]) {
        struct comparison error = {.verdict = COMPARE_SAME};
        comparison_fail(&error, 0, "%.250s", result->error);
        one_case(self, "folders", &error);
    }
    for (size_t i = 0; i < result->count; i++)
        one_case(self, result->files[i].name, &result->files[i].result);
    fputs("</testsuite>\n", self->out);
}
