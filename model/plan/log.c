/* SPDX-License-Identifier: BSD-2-Clause */
/* log: lines are made and told; see log.h. */
#include "plan/log.h"

#include <stdarg.h>
#include <stdio.h>

#include "kernel/base.h"

const char *const log_level_names[LOG_LEVELS + 1] = {
    [LOG_ERROR] = "error", [LOG_WARNING] = "warning", [LOG_NOTE] = "note", [LOG_DEBUG] = "debug"};

#define LINE(member, label, how) PROBE_FIELD(log_line, member, label, 0, how)

static const struct probe_field fields[] = {
    {.name = "level",
     .offset = offsetof(struct log_line, level),
     .size_bytes = 1,
     .radix = PROBE_NAME,
     .names = log_level_names,
     .name_count = LOG_LEVELS},
    LINE(of, "component", PROBE_TEXT),
    LINE(rule, "rule", PROBE_TEXT),
    LINE(text, "text", PROBE_TEXT),
};

const struct probe_type log_probe_type = {
    .name = "log",
    .kind = PROBE_EVENT,
    .fields = fields,
    .field_count = COUNT(fields),
    .record_bytes = sizeof(struct log_line),
};

static void tell(const struct unit *unit, const struct log_line *line, const char *text)
{
    struct log_line told = *line;
    if (!told.of)
        told.of = unit->name;
    told.text = text;
    probe_publish(unit->log, unit->clock->cycle, &told);
}

void log_say(const struct unit *unit, const struct log_line *line, const char *format, ...)
{
    char text[LOG_TEXT_BYTES];
    va_list list;
    if (!log_wanted(unit))
        return;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    tell(unit, line, text);
}

void log_rule(const struct unit *unit, const char *of, const struct log_rule *rule,
              const char *format, ...)
{
    char text[LOG_TEXT_BYTES], whole[2 * LOG_TEXT_BYTES];
    va_list list;
    if (!log_wanted(unit))
        return;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    snprintf(whole, sizeof whole, "%s: %s [%s]", text, rule->does, rule->name);
    tell(unit, &(struct log_line){.level = rule->level, .of = of, .rule = rule->name}, whole);
}

void log_add(struct log_text *self, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    const int length =
        vsnprintf(self->text + self->used, sizeof self->text - self->used, format, list);
    va_end(list);
    if (length > 0)
        self->used += (size_t)length;
    if (self->used >= sizeof self->text)
        self->used = sizeof self->text - 1;
}
