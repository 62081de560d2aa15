/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_vcd_open: the tables and the header of a VCD; what is written later is in vcd.c. */
#include <stdlib.h>
#include <string.h>

#include "bus/records.h"
#include "trace/vcd/vcd_state.h"

static void declare(struct trace_file *file, const char *type, const char *name, unsigned width,
                    const char *id)
{
    char text[64], *at = text;
    at = put_text(at, "$var ");
    at = put_text(at, type);
    *at++ = ' ';
    at = put_decimal(at, width);
    *at++ = ' ';
    at = put_text(at, id);
    *at++ = ' ';
    trace_file_write(file, text, (size_t)(at - text));
    trace_file_text(file, name);
    at = text;
    if (width > 1) {
        at = put_text(at, " [");
        at = put_decimal(at, width - 1);
        at = put_text(at, ":0]");
    }
    at = put_text(at, " $end\n");
    trace_file_write(file, text, (size_t)(at - text));
}

static void declare_scope(struct trace_file *file, const struct trace_scope *scope)
{
    if (scope->name) {
        trace_file_text(file, "$scope module ");
        trace_file_text(file, scope->name);
        trace_file_text(file, " $end\n");
    }
    for (const struct trace_signal *s = scope->signals; s; s = s->next)
        declare(file, trace_is_text(s->probe) ? "string" : "wire", s->name, s->field->width_bits,
                s->id);
    for (const struct trace_scope *s = scope->child; s; s = s->next)
        declare_scope(file, s);
    if (scope->name)
        trace_file_text(file, "$upscope $end\n");
}

static void write_header(struct trace_vcd *self, const struct trace_scope *root)
{
    static const char *const scales[] = {"1 ps",   "10 ps",  "100 ps", "1 ns",   "10 ns",
                                         "100 ns", "1 us",   "10 us",  "100 us", "1 ms",
                                         "10 ms",  "100 ms", "1 s"};
    unsigned power = 0;
    for (sim_time scale = 1; scale < self->scale_ps; scale *= 10)
        power++;
    struct trace_file *file = self->file;
    trace_file_text(file, "$version dmasim $end\n$timescale ");
    trace_file_text(file, scales[power]);
    trace_file_text(file, " $end\n");
    declare_scope(file, root);
    if (self->show_clocks) {
        trace_file_text(file, "$scope module clocks $end\n");
        for (uint32_t i = 0; i < self->clock_count; i++)
            declare(file, "wire", self->clocks[i].clock->name, 1, self->clocks[i].id);
        trace_file_text(file, "$upscope $end\n");
    }
    trace_file_text(file, "$enddefinitions $end\n");
    if (self->silent)
        return;
    char start[64 + TIME_BYTES], *at = start;
    *at++ = '#';
    at = put_decimal(at, self->now / self->scale_ps);
    at = put_text(at, "\n$dumpvars\n");
    trace_file_write(file, start, (size_t)(at - start));
    self->stamped = self->now;
    for (uint32_t p = 0; p < self->probe_count; p++) {
        for (uint32_t i = 0; i < self->probes[p].field_count; i++) {
            const struct vcd_field *field = &self->probes[p].fields[i];
            if (self->probes[p].access)
                continue; /* unset */
            trace_file_text(file, field->form == VCD_SCALAR ? "x" : "bx ");
            trace_file_write(file, field->tail + 1, field->tail_length - 1u);
        }
    }
    for (uint32_t i = 0; self->show_clocks && i < self->clock_count; i++) {
        trace_file_text(file, self->clocks[i].level ? "1" : "0");
        trace_file_text(file, self->clocks[i].id);
        trace_file_text(file, "\n");
    }
    trace_file_text(file, "$end\n");
}

static bool scale_divides(const struct trace_vcd *self, sim_time scale)
{
    if (self->view->from_ps % scale ||
        (self->view->to_ps != SIM_NEVER && self->view->to_ps % scale))
        return false;
    for (uint32_t i = 0; i < self->clock_count; i++) {
        const struct clock *clock = self->clocks[i].clock;
        if (clock->period_ps % scale || clock->phase_ps % scale)
            return false;
        if (self->show_clocks && clock->period_ps / 2 % scale)
            return false;
    }
    return true;
}

/* The signal of a clock in a file that begins at `now`, after all edges up to it. */
static void start_clock(struct vcd_clock *self, sim_time now)
{
    const struct clock *clock = self->clock;
    if (now == 0 || now < clock->phase_ps)
        return;
    const sim_time rise = now - (now - clock->phase_ps) % clock->period_ps;
    self->level = now - rise < clock->period_ps / 2;
    self->edge = rise + (self->level ? clock->period_ps / 2 : clock->period_ps);
}

/* Lines come at any nanosecond. */
static bool tells_texts(const struct system *system)
{
    for (const struct probe *p = system->probes; p; p = p->link)
        if (p->type == &text_probe_type)
            return true;
    return false;
}

static bool open_clocks(struct trace_vcd *self, const struct system *system)
{
    for (const struct clock *c = system->kernel.clocks; c; c = c->link)
        self->clock_count++;
    self->clocks = calloc(self->clock_count + 1, sizeof *self->clocks);
    if (!self->clocks)
        return false;
    uint32_t i = 0;
    for (const struct clock *c = system->kernel.clocks; c; c = c->link, i++) {
        struct vcd_clock *clock = &self->clocks[i];
        *clock = (struct vcd_clock){.clock = c, .due = SIM_NEVER, .edge = c->phase_ps};
        clock->mask = calloc(self->words, sizeof *clock->mask);
        if (!clock->mask)
            return false;
        start_clock(clock, self->now);
    }
    const sim_time most = tells_texts(system) ? 1000 : UINT64_C(1000000000000);
    self->scale_ps = 1;
    while (self->scale_ps < most && scale_divides(self, self->scale_ps * 10))
        self->scale_ps *= 10;
    return true;
}

static void open_tail(struct vcd_field *to, size_t number)
{
    to->tail[0] = ' ';
    trace_id(number, to->tail + 1);
    to->tail_length = (uint8_t)strlen(to->tail);
    to->tail[to->tail_length++] = '\n';
}

/* False if memory is short. */
static bool open_field(struct vcd_probe *probe, const struct probe_field *from, size_t number)
{
    const unsigned room = 8u * from->size_bytes - from->lsb;
    const unsigned width = from->width_bits < room ? from->width_bits : room;
    const unsigned shift = (from->offset % 8 * 8u + from->lsb) % 64;
    struct vcd_field *to = &probe->fields[probe->field_count++];
    *to = (struct vcd_field){
        .word = &probe->words[(from->offset * 8u + from->lsb) / 64],
        .width_bits = (uint16_t)width,
        .shift = (uint8_t)shift,
        .form = shift + width > 64      ? VCD_WIDE
                : from->width_bits == 1 ? VCD_SCALAR
                                        : VCD_VECTOR,
    };
    if (to->form == VCD_WIDE)
        to->wide = calloc((width + 63) / 64, sizeof *to->wide);
    else
        to->mask = UINT64_MAX >> (64 - width) << shift;
    to->named = from->names != NULL;
    to->counts = from->counts;
    to->origin_offset = from->origin;
    if (from->origin)
        probe->data |= UINT64_C(1) << (to - probe->fields);
    open_tail(to, number);
    probe->text_bytes += width + 1u + sizeof to->tail;
    return to->form != VCD_WIDE || to->wide;
}

/* The tables that lead from a bit to its fields. */
static void open_bits(struct vcd_probe *self, size_t words)
{
    for (uint32_t f = 0; f < self->field_count; f++) {
        const struct vcd_field *field = &self->fields[f];
        for (unsigned bit = field->shift; bit < field->shift + field->width_bits; bit++)
            field->word[bit / 64].bits[bit % 64].fields |= UINT64_C(1) << f;
    }
    for (size_t i = 0; i < words * 64; i++)
        for (size_t bit = 0; bit < 64; bit++)
            if (self->bits[i / 64 * 64 + bit].fields != self->bits[i].fields)
                self->bits[i].others |= UINT64_C(1) << bit;
}

/* The words of the record; those without a field are dropped. */
static void open_words(struct vcd_probe *self, size_t record_bytes)
{
    const size_t words = (record_bytes + 7) / 8;
    for (size_t w = 0; w < words; w++) {
        self->words[w].offset = w * 8;
        self->words[w].bits = &self->bits[w * 64];
    }
    open_bits(self, words);
    struct vcd_word *kept = self->words;
    for (size_t w = 0; w < words; w++) {
        const struct vcd_word *word = &self->words[w];
        uint64_t any = 0;
        for (unsigned bit = 0; bit < 64; bit++)
            any |= word->bits[bit].fields;
        if (!any)
            continue;
        for (uint32_t f = 0; f < self->field_count; f++)
            if (self->fields[f].word == word)
                self->fields[f].word = kept;
        const size_t left = record_bytes - word->offset;
        self->rest_bytes = left < 8 ? (uint32_t)left : 0;
        *kept++ = *word;
    }
    self->words_end = kept - (self->rest_bytes != 0);
}

/* The fields whose change says that a controller works. */
static uint64_t telling(const struct vcd_probe *probe, const struct probe_type *type)
{
    uint64_t fields = 0;
    for (uint32_t f = 0; f < probe->field_count; f++)
        if (probe->fields[f].form == VCD_SCALAR || probe->fields[f].named)
            fields |= UINT64_C(1) << f;
    return strcmp(type->name, "interrupt") == 0 ? 0 : fields;
}

static bool is_chosen(const struct trace_vcd *self, size_t net)
{
    return !self->chosen || self->chosen[net];
}

/* The one variable of a probe that tells texts. False if memory is short. */
static bool open_access(struct vcd_probe *to, size_t number)
{
    to->access = calloc(1, sizeof *to->access);
    to->observer.notify =
        to->source->type == &text_probe_type ? trace_vcd_notify_text : trace_vcd_notify_access;
    to->words_end = to->words;
    open_tail(&to->fields[to->field_count++], number);
    return to->access != NULL;
}

/* Readies an observer for the probe's signals from *next on, as many as it can take. False if memory
 * is short. */
static bool open_probe(struct trace_vcd *self, struct vcd_probe *to, struct probe *from,
                       size_t *next, size_t *number)
{
    const struct probe_type *type = from->type;
    const size_t words = (type->record_bytes + 7) / 8;
    to->observer.notify = trace_vcd_notify;
    to->vcd = self;
    to->source = from;
    to->words = calloc(words, sizeof *to->words);
    to->bits = calloc(words * 64, sizeof *to->bits);
    to->fields = calloc(VCD_FIELDS_MAX, sizeof *to->fields);
    if (!to->words || !to->bits || !to->fields)
        return false;
    const size_t index = (size_t)(to - self->probes);
    to->bit = UINT64_C(1) << index % 64;
    to->waiting = &self->settled[index / 64];
    for (uint32_t i = 0; type->kind == PROBE_REGISTERED && i < self->clock_count; i++) {
        if (self->clocks[i].clock == from->clock) {
            to->clock = &self->clocks[i];
            to->waiting = &to->clock->mask[index / 64];
        }
    }
    to->text_bytes = DIGITS_SPOILED;
    to->fresh = true;
    if (trace_is_text(from))
        return open_access(to, (*number)++);
    for (; *next < type->field_count && to->field_count < VCD_FIELDS_MAX; (*next)++) {
        if (!type->fields[*next].width_bits)
            continue;
        const size_t net = (*number)++;
        if (is_chosen(self, net) && !open_field(to, &type->fields[*next], net))
            return false;
    }
    to->first = UINT64_MAX >> (64 - to->field_count);
    if (trace_section_of(self->plan, from->name) == SECTION_CONTROLLERS)
        to->telling = telling(to, type);
    open_words(to, type->record_bytes);
    return to->clock || type->kind == PROBE_SETTLED;
}

/* Its signals of their own, whether they are in the file or not. */
static size_t count_signals(const struct probe *probe)
{
    size_t count = 0;
    for (size_t i = 0;
         trace_has_signals(probe) && !trace_is_repeated(probe) && i < probe->type->field_count; i++)
        count += probe->type->fields[i].width_bits != 0;
    return count;
}

/* Of the nets from `number` on those that are in the file. */
static size_t count_chosen(const struct trace_vcd *self, const struct probe *probe, size_t number)
{
    size_t count = 0;
    for (size_t left = count_signals(probe); left > 0; left--)
        count += is_chosen(self, number++);
    return count;
}

static bool build(struct trace_vcd *self, const struct system *system)
{
    size_t total = 0;
    for (const struct probe *p = system->probes; p; total += count_signals(p), p = p->link)
        self->probe_count +=
            (uint32_t)((count_chosen(self, p, total) + VCD_FIELDS_MAX - 1) / VCD_FIELDS_MAX);
    self->words = self->probe_count / 64 + 1;
    self->settled = calloc(self->words, sizeof *self->settled);
    self->probes = calloc(self->probe_count + 1, sizeof *self->probes);
    if (!self->settled || !self->probes || !open_clocks(self, system))
        return false;
    uint32_t next = 0;
    size_t number = 0;
    for (struct probe *p = system->probes; p; p = p->link) {
        const size_t end = number + count_signals(p);
        size_t field = 0, left = count_chosen(self, p, number);
        for (; left > 0; left -= self->probes[next++].field_count)
            if (!open_probe(self, &self->probes[next], p, &field, &number))
                return false;
        number = end;
    }
    for (uint32_t i = 0; i < self->clock_count; i++)
        trace_id(number + i, self->clocks[i].id);
    for (unsigned i = 0; i < 100; i++) {
        self->pairs[i][0] = (char)('0' + i / 10);
        self->pairs[i][1] = (char)('0' + i % 10);
    }
    for (unsigned byte = 0; byte < 256; byte++)
        for (unsigned bit = 0; bit < 8; bit++)
            self->byte_bits[byte][bit] = (char)('0' + (byte >> (7 - bit) & 1));
    return true;
}

static void mark_chosen(bool *chosen, const struct trace_scope *scope)
{
    for (const struct trace_signal *s = scope->signals; s; s = s->next)
        chosen[s->number] = true;
    for (const struct trace_scope *child = scope->child; child; child = child->next)
        mark_chosen(chosen, child);
}

/* Which nets are in the file: those of which a name is left. False if memory is short. */
static bool choose(struct trace_vcd *self, const struct system *system,
                   const struct trace_scope *root)
{
    size_t count = 0;
    for (const struct probe *p = system->probes; p; p = p->link)
        count += count_signals(p);
    self->chosen = calloc(count + 1, sizeof *self->chosen);
    if (self->chosen)
        mark_chosen(self->chosen, root);
    return self->chosen != NULL;
}

static void start(struct trace_vcd *self, const struct system *system, struct trace_file *file,
                  const struct plan_trace *view)
{
    self->file = file;
    self->plan = system->plan;
    self->due = SIM_NEVER;
    self->started = SIM_NEVER;
    self->now = system->kernel.now;
    self->show_clocks = view->clocks;
    self->view = view;
    self->silent = view->from_ps > self->now;
    self->windowed = self->silent || view->to_ps != SIM_NEVER;
}

struct trace_vcd *trace_vcd_open(const struct system *system, struct trace_file *file,
                                 const struct plan_trace *view, struct dmasim_error *error)
{
    struct trace_vcd *self = calloc(1, sizeof *self);
    struct trace_scope *root = self ? trace_scopes_build(system->probes) : NULL;
    const bool selected = !root || trace_scopes_select(root, &view->signals, error);
    if (root)
        start(self, system, file, view);
    if (!root || !selected || (view->signals.count && !choose(self, system, root)) ||
        !build(self, system) || !trace_vcd_repeat_open(self) || !trace_vcd_round_open(self)) {
        if (selected)
            trace_error(error, DMASIM_MEMORY, file->path, "out of memory");
        trace_scopes_free(root);
        trace_vcd_free(self);
        return NULL;
    }
    write_header(self, root);
    trace_scopes_free(root);
    for (uint32_t i = 0; i < self->probe_count; i++)
        probe_witness(self->probes[i].source, &self->probes[i].observer);
    if (self->clock_count) {
        repeat_join(self->clocks[0].clock->kernel, &self->witness);
        round_join_witness(self->clocks[0].clock->kernel, &self->round_witness);
    }
    return self;
}

struct trace_vcd_facts trace_vcd_facts(const struct trace_vcd *self)
{
    return (struct trace_vcd_facts){.scale_ps = self->scale_ps, .started_ps = self->started};
}

bool trace_vcd_has_moved(const struct trace_vcd *self, const struct probe *probe)
{
    for (uint32_t i = 0; i < self->probe_count; i++)
        if (self->probes[i].source == probe && self->probes[i].moved)
            return true;
    return false;
}

void trace_vcd_free(struct trace_vcd *self)
{
    if (!self)
        return;
    for (uint32_t i = 0; self->probes && i < self->probe_count; i++) {
        free(self->probes[i].words);
        free(self->probes[i].bits);
        free(self->probes[i].access);
        for (uint32_t f = 0; f < self->probes[i].field_count; f++)
            free(self->probes[i].fields[f].wide);
        free(self->probes[i].fields);
    }
    for (uint32_t i = 0; self->clocks && i < self->clock_count; i++)
        free(self->clocks[i].mask);
    trace_vcd_repeat_free(self);
    trace_vcd_round_free(self);
    free(self->chosen);
    free(self->clocks);
    free(self->probes);
    free(self->settled);
    free(self);
}
