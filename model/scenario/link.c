/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link: what can be judged only when all components are read.
 *
 *   address expressions   NAME, NAME + 0x40, NAME.REGISTER, NAME.REGISTER + 4
 *   loops                 of work entries that wait for each other
 *   regions               where the bus allows them (struct bus_space), apart from each other
 *   claims                what one component alone can have (claims.c)
 *   types' own checks     of components that are sound, and refer only to sound ones
 */
#include "kernel/text.h"
#include "scenario/internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct target {
    struct component *component;
    struct detail *detail;
};

/* Any component but work by its name. */
static bool find_target(struct scenario *self, const char *name, struct target *target)
{
    for (int s = 0; s < SECTION_WORK; s++) {
        int index = scenario_find(self, (enum component_section)s, name);
        if (index < 0)
            continue;
        *target = (struct target){&self->plan.components[s][index], &self->details[s][index]};
        return true;
    }
    return false;
}

/* ---- address expressions --------------------------------------------------------------------- */

static void fixup_failed(struct scenario *self, struct fixup *fixup, const char *text)
{
    struct detail *detail = &self->details[fixup->section][fixup->index];
    scenario_error(self, fixup->place, "\"%s\": %s", fixup->parameter->name, text);
    detail->broken = true;
    detail->pending--;
    fixup->done = true;
}

struct expression {
    char name[SCENARIO_NAME_MAX + 1];
    char reg[SCENARIO_NAME_MAX + 1]; /* empty: none */
    const char *offset;              /* null: none */
};

/* Takes "NAME[.REGISTER] [+ offset]" apart. */
static bool parse_expression(const char *text, struct expression *parts)
{
    static const char word[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    *parts = (struct expression){.offset = NULL};
    text += strspn(text, " ");
    size_t length = strspn(text, word);
    if (length == 0 || length > SCENARIO_NAME_MAX)
        return false;
    memcpy(parts->name, text, length);
    text += length;
    if (*text == '.') {
        length = strspn(++text, word);
        if (length == 0 || length > SCENARIO_NAME_MAX)
            return false;
        memcpy(parts->reg, text, length);
        text += length;
    }
    text += strspn(text, " ");
    if (*text == '+') {
        parts->offset = text + 1 + strspn(text + 1, " ");
        return ascii_digit(*parts->offset);
    }
    return *text == '\0';
}

static void unknown_target(struct scenario *self, const char *name, struct line *line)
{
    line_add(line, "nothing is named ");
    line_quote(line, name);
    if (!report_open(&self->report))
        return;
    struct suggestion suggestion;
    suggestion_start(&suggestion, name);
    for (int s = 0; s < SECTION_WORK; s++)
        for (uint32_t i = 0; i < self->plan.counts[s]; i++)
            if (self->plan.components[s][i].type->region)
                suggestion_offer(&suggestion, self->plan.components[s][i].name);
    suggestion_end(&suggestion, line);
}

/* Adds the offset of a register; false with a message. */
static bool register_offset(const struct component *component, const char *name, uint64_t *address,
                            struct line *line)
{
    const struct register_map *map = component->type->registers;
    struct register_hit hit;
    uint32_t offset;
    if (component_register(component, name, &hit, &offset)) {
        *address += offset;
        return true;
    }
    line_add(line, "%s has no %s", component->name, map ? "register " : "registers");
    if (!map)
        return false;
    line_quote(line, name);
    struct suggestion suggestion;
    suggestion_start(&suggestion, name);
    for (const struct register_entry *entry = map->entries; entry->name; entry++)
        suggestion_offer(&suggestion, entry->name);
    suggestion_end(&suggestion, line);
    return false;
}

/* Resolves one expression. False if it must wait for another. */
static bool resolve(struct scenario *self, struct fixup *fixup, bool last_chance)
{
    struct expression parts;
    struct target target;
    struct component_region region;
    struct line line = {0};
    uint64_t offset = 0;
    if (!parse_expression(fixup->text, &parts)) {
        line_quote(&line, fixup->text);
        line_add(&line, " is not an address such as 0x4000_0000 or NAME + 0x40");
        fixup_failed(self, fixup, line.text);
        return true;
    }
    if (!find_target(self, parts.name, &target)) {
        for (int s = 0; s < SECTION_WORK; s++)
            if (scenario_listed(self, (enum component_section)s, parts.name)) {
                self->details[fixup->section][fixup->index].broken = true;
                self->details[fixup->section][fixup->index].pending--;
                fixup->done = true; /* it is there, but wrong, which was reported */
                return true;
            }
        unknown_target(self, parts.name, &line);
        fixup_failed(self, fixup, line.text);
        return true;
    }
    if (target.detail->pending > 0) {
        if (!last_chance)
            return false;
        fixup_failed(self, fixup, "addresses that depend on each other in a loop");
        return true;
    }
    if (!component_region(target.component, 0, &region)) {
        line_add(&line, "%s has no address", parts.name);
        fixup_failed(self, fixup, line.text);
        return true;
    }
    if (parts.reg[0] && !register_offset(target.component, parts.reg, &offset, &line)) {
        fixup_failed(self, fixup, line.text);
        return true;
    }
    if (parts.offset) {
        uint64_t more;
        if (!value_parse(PARAMETER_BYTES, parts.offset, &more, &line)) {
            fixup_failed(self, fixup, line.text);
            return true;
        }
        offset = more > UINT64_MAX - offset ? UINT64_MAX : offset + more;
    }
    if (offset >= region.bytes && offset > 0 && !target.detail->broken) {
        char size[VALUE_TEXT];
        value_format(PARAMETER_BYTES, region.bytes, size, sizeof size);
        line_quote(&line, fixup->text);
        line_add(&line, " is outside %s, which has %s", parts.name, size);
        fixup_failed(self, fixup, line.text);
        return true;
    }
    uint64_t value = region.base + offset;
    if (!value_allowed(fixup->parameter, value, &line)) {
        fixup_failed(self, fixup, line.text);
        return true;
    }
    value_store(fixup->member, fixup->member_bytes, value);
    if (target.detail->broken)
        self->details[fixup->section][fixup->index].broken = true;
    self->details[fixup->section][fixup->index].pending--;
    fixup->done = true;
    return true;
}

/* Those of named components wait for one another; those of work, of which there may be many, for them only. */
static void resolve_all(struct scenario *self, bool work)
{
    bool left = true, moved = true;
    while (left) {
        bool last_chance = !moved;
        left = moved = false;
        for (struct fixup *fixup = self->fixups; fixup; fixup = fixup->next) {
            if (fixup->done || (fixup->section == SECTION_WORK) != work)
                continue;
            if (resolve(self, fixup, last_chance))
                moved = true;
            else
                left = true;
        }
    }
}

static void resolve_addresses(struct scenario *self)
{
    resolve_all(self, false);
    resolve_all(self, true);
}

/* ---- loops of work --------------------------------------------------------------------------- */

enum { UNSEEN, OPEN, CLOSED };

static void open_detail(struct detail *detail, struct detail *from)
{
    detail->mark = OPEN;
    detail->at = detail->edges;
    detail->from = from;
}

/* From one entry along what it waits for, depth first; not by recursion, since a chain may be as long as the work. */
static void find_loop(struct scenario *self, uint32_t index)
{
    struct detail *details = self->details[SECTION_WORK], *detail = &details[index];
    open_detail(detail, NULL);
    while (detail) {
        const struct edge *edge = detail->at;
        if (!edge) {
            detail->mark = CLOSED;
            detail = detail->from;
            continue;
        }
        detail->at = edge->next;
        if (!edge->work)
            continue;
        struct detail *other = &details[edge->index];
        if (other->mark == OPEN) {
            detail->broken = true;
            scenario_error(self, edge->place,
                           other == detail ? "%s waits for itself"
                                           : "%s waits for itself, through other entries",
                           self->plan.components[SECTION_WORK][edge->index].name);
        } else if (other->mark == UNSEEN) {
            open_detail(other, detail);
            detail = other;
        }
    }
}

/* ---- regions --------------------------------------------------------------------------------- */

struct mapped {
    const struct component *component;
    const struct detail *detail;
    struct component_region region;
};

static int compare_mapped(const void *left, const void *right)
{
    const struct mapped *a = left, *b = right;
    if (a->region.bus != b->region.bus)
        return a->region.bus < b->region.bus ? -1 : 1;
    if (a->region.base != b->region.base)
        return a->region.base < b->region.base ? -1 : 1;
    if (a->component->place.line != b->component->place.line)
        return a->component->place.line < b->component->place.line ? -1 : 1;
    return a->component->place.column < b->component->place.column ? -1 : 1;
}

static const char *parameter_named(const struct component *component, const char *name)
{
    for (const struct parameter *p = component->type->parameters; p && p->name; p++)
        if (!strcmp(p->name, name))
            return name;
    return NULL;
}

/* Null if the bus is one without rules. */
static const struct bus_space *region_space(const struct scenario *self,
                                            const struct component_region *region)
{
    if (region->bus >= self->plan.counts[SECTION_BUSES])
        return NULL;
    return self->plan.components[SECTION_BUSES][region->bus].type->space;
}

static bool check_region(struct scenario *self, const struct mapped *mapped)
{
    const struct component *component = mapped->component;
    const struct component_region *region = &mapped->region;
    char size[VALUE_TEXT];
    uint32_t before = self->report.total;
    const struct bus_space *space = region_space(self, region);
    if (!space)
        return true;
    value_format(PARAMETER_BYTES, region->bytes, size, sizeof size);
    if (region->base % space->unit_bytes)
        scenario_error(self, scenario_place(self, component, parameter_named(component, "base")),
                       "%s starts at 0x%" PRIx64 ", which is no multiple of %s", component->name,
                       region->base, space->unit);
    if (region->bytes % space->unit_bytes || region->bytes == 0)
        scenario_error(self, scenario_place(self, component, parameter_named(component, "size")),
                       "%s takes %s, which is no multiple of %s", component->name, size,
                       space->unit);
    if (region->base > space->last ||
        (region->bytes && region->bytes - 1 > space->last - region->base))
        scenario_error(self, scenario_place(self, component, parameter_named(component, "base")),
                       "%s at 0x%" PRIx64 " with %s ends beyond %s", component->name, region->base,
                       size, space->width);
    return self->report.total == before;
}

/* All regions on buses, or their number only (all is null). One that is refused is left out. */
static uint32_t gather_regions(struct scenario *self, struct mapped *all)
{
    uint32_t count = 0;
    for (int s = 0; s < SECTION_WORK; s++)
        for (uint32_t i = 0; i < self->plan.counts[s]; i++) {
            struct detail *detail = &self->details[s][i];
            struct mapped mapped = {.component = &self->plan.components[s][i], .detail = detail};
            const bool broken = detail->broken;
            for (uint32_t index = 0;
                 !broken && component_region(mapped.component, index, &mapped.region); index++) {
                if (all && !check_region(self, &mapped))
                    detail->broken = true;
                else if (all)
                    all[count++] = mapped;
                else
                    count++;
            }
        }
    return count;
}

/* Where it was said at which address the region lies. */
static struct place region_place(const struct scenario *self, const struct mapped *mapped)
{
    const char *parameter = parameter_named(mapped->component, "base");
    return scenario_place(self, mapped->component,
                          parameter ? parameter : parameter_named(mapped->component, "port"));
}

static void check_regions(struct scenario *self)
{
    struct mapped *all = malloc((gather_regions(self, NULL) + 1) * sizeof *all);
    if (!all) {
        report_add(&self->report, DMASIM_MEMORY, (struct place){0}, "out of memory");
        return;
    }
    const uint32_t count = gather_regions(self, all);
    qsort(all, count, sizeof *all, compare_mapped);
    const struct mapped *widest = all; /* ends last of those so far on its bus */
    for (uint32_t i = 1; i < count; i++) {
        const struct mapped *a = widest, *b = &all[i];
        uint64_t end = a->region.base + a->region.bytes;
        if (a->region.bus == b->region.bus && b->region.base < end) {
            /* Blame the one that comes later in the file. */
            const struct place *pa = &a->detail->place, *pb = &b->detail->place;
            bool a_later = pa->line != pb->line ? pa->line > pb->line : pa->column > pb->column;
            const struct mapped *later = a_later ? a : b, *other = a_later ? b : a;
            struct line line = {0};
            line_add(&line,
                     "%s (0x%" PRIx64 " to 0x%" PRIx64 ") overlaps %s (0x%" PRIx64 " to 0x%" PRIx64
                     ")",
                     later->component->name, later->region.base,
                     later->region.base + later->region.bytes - 1, other->component->name,
                     other->region.base, other->region.base + other->region.bytes - 1);
            line_place(&line, &self->report, region_place(self, other));
            scenario_error(self, region_place(self, later), "%s", line.text);
        }
        if (a->region.bus != b->region.bus || b->region.base + b->region.bytes > end)
            widest = b;
    }
    free(all);
}

/* ---- the types' own checks ------------------------------------------------------------------- */

/* Whoever refers to something broken is broken too. Of named components, of which there are few. */
static void spread_named(struct scenario *self)
{
    for (bool moved = true; moved;) {
        moved = false;
        for (int s = SECTION_WORK - 1; s >= 0; s--)
            for (uint32_t i = 0; i < self->plan.counts[s]; i++) {
                struct detail *detail = &self->details[s][i];
                for (const struct edge *edge = detail->edges; edge && !detail->broken;
                     edge = edge->next)
                    if (self->details[edge->section][edge->index].broken)
                        moved = detail->broken = true;
            }
    }
}

/* Of entries of work: depth first, as above. In each loop one is broken, which was told, and so are all before it. */
static void spread_from(struct scenario *self, struct detail *detail)
{
    open_detail(detail, NULL);
    while (detail) {
        const struct edge *edge = detail->broken ? NULL : detail->at;
        if (!edge) {
            detail->mark = CLOSED;
            if (detail->from)
                detail->from->broken |= detail->broken;
            detail = detail->from;
            continue;
        }
        detail->at = edge->next;
        struct detail *other = &self->details[edge->section][edge->index];
        if (edge->section == SECTION_WORK && other->mark == UNSEEN) {
            open_detail(other, detail);
            detail = other;
        } else {
            detail->broken |= other->broken;
        }
    }
}

/* Returns how many are broken, and so not checked. */
static uint32_t spread_broken(struct scenario *self)
{
    uint32_t broken = 0;
    spread_named(self);
    for (uint32_t i = 0; i < self->plan.counts[SECTION_WORK]; i++)
        self->details[SECTION_WORK][i].mark = UNSEEN;
    for (uint32_t i = 0; i < self->plan.counts[SECTION_WORK]; i++)
        if (self->details[SECTION_WORK][i].mark == UNSEEN)
            spread_from(self, &self->details[SECTION_WORK][i]);
    for (int s = 0; s < SECTION_COUNT; s++)
        for (uint32_t i = 0; i < self->plan.counts[s]; i++)
            broken += self->details[s][i].broken;
    return broken;
}

/* A check may look at components nobody refers to; keep its indices good. */
static void mend_references(struct scenario *self, const struct parameter *table, void *base,
                            bool *mended)
{
    for (const struct parameter *p = table; p && p->name; p++) {
        void *member = member_of(base, p);
        enum component_section section = refers_section(p->refers);
        if (p->kind == PARAMETER_REFERENCE && p->flags & PARAMETER_REQUIRED &&
            *(uint16_t *)member == UINT16_MAX) {
            *(uint16_t *)member = 0;
            if (section == SECTION_COUNT || self->plan.counts[section] == 0)
                *mended = false;
        } else if (p->kind == PARAMETER_REFERENCES) {
            struct parameter_list *list = member;
            uint32_t kept = 0;
            for (uint32_t i = 0; i < list->count; i++)
                if (((uint16_t *)list->items)[i] != UINT16_MAX)
                    ((uint16_t *)list->items)[kept++] = ((uint16_t *)list->items)[i];
            list->count = kept;
        } else if (p->kind == PARAMETER_GROUP) {
            mend_references(self, p->sub, member, mended);
        } else if (p->kind == PARAMETER_LIST) {
            struct parameter_list *list = member;
            for (uint32_t i = 0; i < list->count; i++)
                mend_references(self, p->sub, (char *)list->items + i * p->item_bytes, mended);
        }
    }
}

static void check_types(struct scenario *self)
{
    bool mended = true;
    if (spread_broken(self) > 0)
        for (int s = 0; s < SECTION_COUNT; s++)
            for (uint32_t i = 0; i < self->plan.counts[s]; i++)
                if (self->details[s][i].broken)
                    mend_references(self, scenario_table(self, self->plan.components[s][i].type),
                                    self->details[s][i].config, &mended);
    if (!mended)
        return;
    for (int s = 0; s < SECTION_COUNT; s++)
        for (uint32_t i = 0; i < self->plan.counts[s]; i++) {
            const struct component *component = &self->plan.components[s][i];
            /* A program may name a component that is left out. */
            const bool program = s == SECTION_WORK && !component->type->call;
            if (component->type->check && !self->details[s][i].broken &&
                !(program && self->untyped))
                component->type->check(&self->plan, component, &self->check);
        }
}

void link_scenario(struct scenario *self)
{
    resolve_addresses(self);
    for (uint32_t i = 0; i < self->plan.counts[SECTION_WORK]; i++)
        if (self->details[SECTION_WORK][i].mark == UNSEEN)
            find_loop(self, i);
    check_regions(self);
    outputs_check(self);
    if (!self->exhausted)
        check_claims(self);
    if (!self->exhausted)
        check_types(self);
}
