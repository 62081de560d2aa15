/* SPDX-License-Identifier: BSD-2-Clause */
/* dts: see dts.h. What a node says is in tables, by the names of parameters; only what follows from several of them is
 * code. */
#include "dts/dts.h"

#include <inttypes.h>
#include <string.h>

#include "dts/dts_plan.h"

struct writer {
    const struct plan *plan;
    FILE *out;
    unsigned cells; /* of an address */
};

/* How a property follows from a parameter. */
enum property_form {
    FORM_NUMBER,
    FORM_NUMBER_IF,   /* left out if it is 0 */
    FORM_PER_CHANNEL, /* as often as there are channels */
    FORM_FLAG,        /* there or not */
};

struct property {
    const char *name, *parameter;
    enum property_form form;
};

/* A type that Linux has a binding for. */
struct node_type {
    const char *type, *compatible, *clock_name;
    unsigned dma_cells;
    const struct property *properties; /* ends with a null name */
    void (*more)(const struct writer *self, const struct component *component);
};

/* ---- names ----------------------------------------------------------------------------------- */

/* A scenario's name in the letters of a label (`dash` '_') or a node ('-'); it starts with a letter. */
static void put_name(FILE *out, const char *name, char dash)
{
    if (!((*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z')))
        putc('n', out);
    for (; *name; name++) {
        const char c = *name;
        const bool good =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        putc(good ? c : dash, out);
    }
}

static void put_label(const struct writer *self, const struct component *component)
{
    if (component->type->section == SECTION_CLOCKS) /* a component may have its clock's name */
        fputs("clock_", self->out);
    put_name(self->out, component->name, '_');
}

static void put_address(const struct writer *self, uint64_t value)
{
    if (self->cells == 2)
        fprintf(self->out, "0x%" PRIx64 " ", value >> 32);
    fprintf(self->out, "0x%" PRIx64, value & UINT32_MAX);
}

static void put_reg(const struct writer *self, const struct component_region *region)
{
    fputs("\t\t\treg = <", self->out);
    put_address(self, region->base);
    putc(' ', self->out);
    put_address(self, region->bytes);
    fputs(">;\n", self->out);
}

/* ---- controllers ----------------------------------------------------------------------------- */

static const struct property dw_properties[] = {
    {"dma-channels", "channels", FORM_NUMBER},
    {"dma-requests", "request_lines", FORM_NUMBER_IF},
    {"block_size", "max_block", FORM_NUMBER},
    {"multi-block", "multi_block", FORM_PER_CHANNEL},
    {"snps,max-burst-len", "max_burst", FORM_PER_CHANNEL},
    {NULL, NULL, FORM_NUMBER},
};

static void dw_masters(const struct writer *self, const struct component *component)
{
    const uint32_t count = plan_master_count(component);
    fprintf(self->out, "\t\t\tdma-masters = <%u>;\n\t\t\tdata-width = <", count);
    for (uint32_t i = 0; i < count; i++)
        fprintf(self->out, "%s%" PRIu64, i ? " " : "",
                plan_bus_bits(self->plan, plan_master(component, i)) / 8);
    fputs(">;\n", self->out);
}

static const struct property adi_properties[] = {
    {"dma-coherent", "cache_coherent", FORM_FLAG},
    {NULL, NULL, FORM_NUMBER},
};

/* 0 memory, 1 stream, 2 FIFO: as adi,axi-dmac.txt numbers them, and the parameter. */
static void adi_side(const struct writer *self, const struct component *component, const char *side,
                     const char *bus, const char *width, const char *name)
{
    const uint64_t type = plan_number(component, side);
    const uint64_t bits = type == 0
                              ? plan_bus_bits(self->plan, (uint16_t)plan_number(component, bus))
                              : plan_number(component, width);
    fprintf(self->out,
            "\t\t\t\t\tadi,%s-bus-width = <%" PRIu64 ">;\n\t\t\t\t\tadi,%s-bus-type = <%" PRIu64
            ">;\n",
            name, bits, name, type);
}

static void adi_channel(const struct writer *self, const struct component *component)
{
    if (!plan_number(component, "cache_coherent"))
        fputs("\t\t\tdma-noncoherent;\n", self->out);
    fputs("\t\t\tadi,channels {\n\t\t\t\t#address-cells = <1>;\n\t\t\t\t#size-cells = <0>;\n"
          "\t\t\t\tdma-channel@0 {\n\t\t\t\t\treg = <0>;\n",
          self->out);
    adi_side(self, component, "source", "source_bus", "source_width", "source");
    adi_side(self, component, "destination", "destination_bus", "destination_width", "destination");
    fputs("\t\t\t\t};\n\t\t\t};\n", self->out);
}

static const struct node_type node_types[] = {
    {"snps,dw-dmac", "snps,dma-spear1340", "hclk", 3, dw_properties, dw_masters},
    {"adi,axi-dmac", "adi,axi-dmac-1.00.a", NULL, 1, adi_properties, adi_channel},
};

static const struct node_type *node_type(const struct component *component)
{
    for (size_t i = 0; i < sizeof node_types / sizeof node_types[0]; i++)
        if (strcmp(node_types[i].type, component->type->name) == 0)
            return &node_types[i];
    return NULL;
}

static void put_property(const struct writer *self, const struct component *component,
                         const struct property *property)
{
    const uint64_t value = plan_number(component, property->parameter);
    if (property->form == FORM_FLAG) {
        if (value)
            fprintf(self->out, "\t\t\t%s;\n", property->name);
        return;
    }
    if (property->form == FORM_NUMBER_IF && value == 0)
        return;
    const uint64_t times =
        property->form == FORM_PER_CHANNEL ? plan_number(component, "channels") : 1;
    fprintf(self->out, "\t\t\t%s = <", property->name);
    for (uint64_t i = 0; i < times; i++)
        fprintf(self->out, "%s%" PRIu64, i ? " " : "", value);
    fputs(">;\n", self->out);
}

static void put_clocks(const struct writer *self, uint16_t bus, const char *name)
{
    const struct component *clock = plan_clock(self->plan, bus);
    if (!clock)
        return;
    fputs("\t\t\tclocks = <&", self->out);
    put_label(self, clock);
    fputs(">;\n", self->out);
    if (name)
        fprintf(self->out, "\t\t\tclock-names = \"%s\";\n", name);
}

static void put_controller(const struct writer *self, const struct component *component,
                           unsigned interrupt)
{
    struct component_region region;
    const struct node_type *type = node_type(component);
    if (!type || !component_region(component, 0, &region)) {
        fputs("\t\t/* ", self->out);
        put_name(self->out, component->name, '-');
        fprintf(self->out, ": Linux has no binding for %s */\n", component->type->name);
        return;
    }
    fputs("\t\t", self->out);
    put_label(self, component);
    fprintf(self->out, ": dma-controller@%" PRIx64 " {\n\t\t\tcompatible = \"%s\";\n", region.base,
            type->compatible);
    put_reg(self, &region);
    fprintf(self->out, "\t\t\tinterrupts = <%u>;\n", interrupt);
    put_clocks(self, region.bus, type->clock_name);
    fprintf(self->out, "\t\t\t#dma-cells = <%u>;\n", type->dma_cells);
    for (const struct property *p = type->properties; p->name; p++)
        put_property(self, component, p);
    type->more(self, component);
    fputs("\t\t};\n", self->out);
}

/* ---- peripherals ----------------------------------------------------------------------------- */

/* The master port of a controller on a bus; 0 if it has none there. */
static uint32_t master_on(const struct component *controller, uint16_t bus)
{
    for (uint32_t i = 0; i < plan_master_count(controller); i++)
        if (plan_master(controller, i) == bus)
            return i;
    return 0;
}

static uint32_t memory_master(const struct plan *plan, const struct component *controller)
{
    struct component_region region;
    for (uint32_t i = 0; i < plan_master_count(controller); i++)
        for (uint32_t m = 0; m < plan->counts[SECTION_MEMORIES]; m++)
            if (component_region(&plan->components[SECTION_MEMORIES][m], 0, &region) &&
                region.bus == plan_master(controller, i))
                return i;
    return 0;
}

/* A device on a request line, or at a stream, of a controller that has a node. */
static void put_device(const struct writer *self, const struct component *component)
{
    struct component_region region = {.bytes = 0};
    const struct component *controller =
        plan_reference(self->plan, component, "controller", SECTION_CONTROLLERS);
    if (!controller || !node_type(controller))
        return;
    const bool placed = component_region(component, 0, &region);
    const bool to_memory = plan_feeds_memory(component);
    fputs("\t\t", self->out);
    put_label(self, component);
    fputs(": ", self->out);
    put_name(self->out, component->name, '-');
    if (placed)
        fprintf(self->out, "@%" PRIx64, region.base);
    fputs(" {\n\t\t\tcompatible = \"dmasim,", self->out);
    put_name(self->out, component->type->name, '-');
    fputs("\";\n", self->out);
    if (placed) {
        put_reg(self, &region);
        put_clocks(self, region.bus, NULL);
    }
    fputs("\t\t\tdmas = <&", self->out);
    put_label(self, controller);
    if (node_type(controller)->dma_cells == 1)
        fputs(" 0>;\n", self->out);
    else
        fprintf(self->out, " %" PRIu64 " %u %u>;\n", plan_number(component, "line"),
                memory_master(self->plan, controller), master_on(controller, region.bus));
    fprintf(self->out, "\t\t\tdma-names = \"%s\";\n\t\t};\n", to_memory ? "rx" : "tx");
}

/* ---- the tree -------------------------------------------------------------------------------- */

static void put_clock(const struct writer *self, const struct component *clock)
{
    fputs("\n\t", self->out);
    put_label(self, clock);
    fputs(": clock-", self->out);
    put_name(self->out, clock->name, '-');
    fprintf(self->out,
            " {\n\t\tcompatible = \"fixed-clock\";\n\t\t#clock-cells = <0>;\n"
            "\t\tclock-frequency = <%" PRIu64 ">;\n\t};\n",
            plan_frequency(clock));
}

/* Two if an address of a node needs them. */
static unsigned address_cells(const struct plan *plan)
{
    static const enum component_section sections[] = {SECTION_CONTROLLERS, SECTION_PERIPHERALS};
    struct component_region region;
    for (size_t s = 0; s < 2; s++)
        for (uint32_t i = 0; i < plan->counts[sections[s]]; i++)
            if (component_region(&plan->components[sections[s]][i], 0, &region) &&
                region.base + (region.bytes - 1) > UINT32_MAX)
                return 2;
    return 1;
}

void dts_write(const struct plan *plan, FILE *out)
{
    const struct writer self = {.plan = plan, .out = out, .cells = address_cells(plan)};
    fprintf(out, "/dts-v1/;\n\n/ {\n\tcompatible = \"dmasim,board\";\n\tmodel = \"");
    put_name(out, plan->name, '-');
    fprintf(out,
            "\";\n\t#address-cells = <%u>;\n\t#size-cells = <%u>;\n"
            "\tinterrupt-parent = <&dmasim_interrupts>;\n\n"
            "\tdmasim_interrupts: interrupt-controller {\n"
            "\t\tcompatible = \"dmasim,interrupts\";\n\t\tinterrupt-controller;\n"
            "\t\t#address-cells = <0>;\n\t\t#interrupt-cells = <1>;\n\t};\n",
            self.cells, self.cells);
    for (uint32_t i = 0; i < plan->counts[SECTION_CLOCKS]; i++)
        put_clock(&self, &plan->components[SECTION_CLOCKS][i]);
    fprintf(out,
            "\n\tsoc {\n\t\tcompatible = \"dmasim,soc\";\n\t\t#address-cells = <%u>;\n"
            "\t\t#size-cells = <%u>;\n\t\tranges;\n\n",
            self.cells, self.cells);
    for (uint32_t i = 0; i < plan->counts[SECTION_CONTROLLERS]; i++)
        put_controller(&self, &plan->components[SECTION_CONTROLLERS][i], i);
    for (uint32_t i = 0; i < plan->counts[SECTION_PERIPHERALS]; i++)
        put_device(&self, &plan->components[SECTION_PERIPHERALS][i]);
    fputs("\t};\n};\n", out);
}
