/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dw_ahb_repeat: what repeats (kernel/repeat.h) in the middle of blocks that are copied from memory to memory.
 *
 * Of each channel that is at it, addresses rising on both sides, byte c of the block (dw_ahb_state.h) is
 *
 *   source       S + c    S = next - commanded
 *   destination  D + c    D = next - claimed
 *
 *        popped                pushed        commanded          block_bytes
 *   -------|---------------------|---------------|------------------|
 *   stored | in the FIFO: a copy |  being read   |
 *          |<-- growth -->|<-- growth -->| ...
 *
 * What is on its way, in the FIFO, in HWDATA and in a run, is a copy of the source; so what will be there some
 * periods later can be copied from there too, as long as nobody writes to the source.
 */
#include "controllers/dw_ahb/dw_ahb_state.h"
#include "kernel/base.h"

#include <string.h>

/* ---- tables ---------------------------------------------------------------------------------- */

static const struct state_field side_rows[] = {
    {STATE_SAME(struct dw_ahb_side, port)},
    {STATE_SAME(struct dw_ahb_side, hsize)},
    {STATE_SAME(struct dw_ahb_side, direction)},
    {STATE_SAME(struct dw_ahb_side, line)},
    {STATE_SAME(struct dw_ahb_side, peripheral)},
    {STATE_SAME(struct dw_ahb_side, software)},
    {STATE_SAME(struct dw_ahb_side, burst_items)},
    {STATE_SAME(struct dw_ahb_side, jump_every)},
    {STATE_SAME(struct dw_ahb_side, jump_bytes)},
    {STATE_SAME(struct dw_ahb_side, start)},
    {STATE_COUNT(struct dw_ahb_side, next)},
    {STATE_COUNT(struct dw_ahb_side, current)},
    {STATE_SAME(struct dw_ahb_side, run_left)},
    {STATE_SAME(struct dw_ahb_side, open)},
    {STATE_SAME(struct dw_ahb_side, request)},
    {STATE_SAME(struct dw_ahb_side, transaction)},
    {STATE_SAME(struct dw_ahb_side, flying)},
    {STATE_STAMP(struct dw_ahb_side, ready_at), .old = 1},
    {.name = NULL},
};
static const struct state_table side_state = {STATE_TABLE(dw_ahb_side, side_rows)};

static const struct state_field channel_rows[] = {
    {STATE_PARTS(struct dw_ahb_channel, side, side_state)},
    {STATE_STAMP(struct dw_ahb_channel, ready_at), .old = 1},
    {STATE_FREE(struct dw_ahb_channel, index), .why = STATE_BUILT},
    {STATE_SAME(struct dw_ahb_channel, state)},
    {STATE_SAME(struct dw_ahb_channel, flow)},
    {STATE_SAME(struct dw_ahb_channel, from_list)},
    {STATE_SAME(struct dw_ahb_channel, length_known)},
    {STATE_SAME(struct dw_ahb_channel, failed)},
    {STATE_SAME(struct dw_ahb_channel, asked)},
    {STATE_SAME(struct dw_ahb_channel, reload)},
    {STATE_SAME(struct dw_ahb_channel, commands)},
    {STATE_SAME(struct dw_ahb_channel, todo)},
    {STATE_SAME(struct dw_ahb_channel, fifo_half)},
    {STATE_SAME(struct dw_ahb_channel, on_demand)},
    {STATE_SAME(struct dw_ahb_channel, ran)},
    {STATE_SAME(struct dw_ahb_channel, longest)},
    {STATE_SAME(struct dw_ahb_channel, hprot)},
    {STATE_SAME(struct dw_ahb_channel, block_bytes)},
    {STATE_COUNT(struct dw_ahb_channel, commanded)},
    {STATE_COUNT(struct dw_ahb_channel, pushed)},
    {STATE_COUNT(struct dw_ahb_channel, claimed)},
    {STATE_COUNT(struct dw_ahb_channel, popped)},
    {STATE_SAME(struct dw_ahb_channel, item)},
    {STATE_SAME(struct dw_ahb_channel, item_port)},
    {STATE_SAME(struct dw_ahb_channel, words)},
    {STATE_FREE(struct dw_ahb_channel, fifo), .why = "limit() and pass() see to the bytes"},
    {STATE_SAME(struct dw_ahb_channel, enabled_ps), .past = true},
    {STATE_SAME(struct dw_ahb_channel, moved)},
    {STATE_SAME(struct dw_ahb_channel, items)},
    {STATE_SAME(struct dw_ahb_channel, item_kept)},
    {STATE_SAME(struct dw_ahb_channel, loops)},
    {STATE_SAME(struct dw_ahb_channel, loop_told)},
    {STATE_SAME(struct dw_ahb_channel, noted)},
    {STATE_FREE(struct dw_ahb_channel, probe), .why = STATE_PROBE},
    {.name = NULL},
};
static const struct state_table channel_state = {STATE_TABLE(dw_ahb_channel, channel_rows)};

static const struct state_field flight_rows[] = {
    {STATE_SAME(struct dw_ahb_flight, channel)},
    {STATE_SAME(struct dw_ahb_flight, purpose)},
    {STATE_SAME(struct dw_ahb_flight, hsize)},
    {STATE_SAME(struct dw_ahb_flight, direction)},
    {STATE_SAME(struct dw_ahb_flight, beats)},
    {STATE_COUNT(struct dw_ahb_flight, address)},
    {STATE_COUNT(struct dw_ahb_flight, after)},
    {STATE_COUNT(struct dw_ahb_flight, first)},
    {.name = NULL},
};
static const struct state_table flight_state = {STATE_TABLE(dw_ahb_flight, flight_rows)};

static const struct state_field place_rows[] = {
    {STATE_COUNT(struct dw_ahb_place, first)},
    {STATE_SAME(struct dw_ahb_place, channel)},
    {STATE_SAME(struct dw_ahb_place, hsize)},
    {.name = NULL},
};
static const struct state_table place_state = {STATE_TABLE(dw_ahb_place, place_rows)};

static struct state_live flights_in_use(const void *instance)
{
    const struct dw_ahb_port *port = instance;
    const uint32_t count = port->master.count;
    return (struct state_live){(port->flight - count) % AHB_QUEUE, count};
}

static const struct state_field port_rows[] = {
    {STATE_PART(struct dw_ahb_port, master, ahb_master_state)},
    {STATE_PARTS(struct dw_ahb_port, flights, flight_state), .live = flights_in_use,
     .why = "of commands that are done"},
    {STATE_SAME(struct dw_ahb_port, flight)},
    {STATE_SAME(struct dw_ahb_port, locked_by)},
    {STATE_SAME(struct dw_ahb_port, hold)},
    {STATE_SAME(struct dw_ahb_port, held_bus)},
    {STATE_SAME(struct dw_ahb_port, held_lock)},
    {STATE_SAME(struct dw_ahb_port, last)},
    {STATE_PART(struct dw_ahb_port, shown, place_state)},
    {STATE_PART(struct dw_ahb_port, filled, place_state)},
    {.name = NULL},
};
static const struct state_table port_state = {STATE_TABLE(dw_ahb_port, port_rows)};

static struct state_live built_ports(const void *instance)
{
    const struct dw_ahb *dma = instance;
    return (struct state_live){0, dma->port_count};
}

static struct state_live built_channels(const void *instance)
{
    const struct dw_ahb *dma = instance;
    return (struct state_live){0, dma->config.channels};
}

static const struct state_field left_rows[] = {
    {STATE_SAME(struct dw_ahb_left_off, ps), .past = true},
    {STATE_SAME(struct dw_ahb_left_off, value)},
    {STATE_SAME(struct dw_ahb_left_off, why)},
    {.name = NULL},
};
static const struct state_table left_state = {STATE_TABLE(dw_ahb_left_off, left_rows)};

static const struct state_field dw_ahb_rows[] = {
    {STATE_FREE(struct dw_ahb, unit), .why = STATE_KERNEL},
    {STATE_FREE(struct dw_ahb, kernel), .why = STATE_BUILT},
    {STATE_FREE(struct dw_ahb, name), .why = STATE_BUILT},
    {STATE_FREE(struct dw_ahb, config), .why = STATE_BUILT},
    {STATE_FREE(struct dw_ahb, bus), .why = STATE_BUILT},
    {STATE_FREE(struct dw_ahb, slave), .why = STATE_BUILT},
    {STATE_FREE(struct dw_ahb, port_count), .why = STATE_BUILT},
    {STATE_PARTS(struct dw_ahb, ports, port_state), .live = built_ports, .built = true,
     .why = "not built"},
    {STATE_PARTS(struct dw_ahb, channels, channel_state), .live = built_channels, .built = true,
     .why = "not built"},
    {STATE_SAME(struct dw_ahb, registers)},
    {STATE_SAME(struct dw_ahb, order)},
    {STATE_SAME(struct dw_ahb, active)},
    {STATE_SAME(struct dw_ahb, moved)},
    {STATE_SAME(struct dw_ahb, calm)},
    {STATE_SAME(struct dw_ahb, switching_off)},
    {STATE_SAME(struct dw_ahb, acknowledged)},
    {STATE_SAME(struct dw_ahb, visible)},
    {STATE_PART(struct dw_ahb, left, left_state)},
    {STATE_SAME(struct dw_ahb, block_heard)},
    {STATE_FREE(struct dw_ahb, lines), .why = "visit() refuses while a channel has a handshake"},
    {STATE_PART(struct dw_ahb, interrupt, wire_state)},
    {STATE_COUNT(struct dw_ahb, interrupts), .figure = true},
    {STATE_COUNTS(struct dw_ahb, beats), .figure = true},
    {STATE_COUNT(struct dw_ahb, error_beats), .figure = true},
    {STATE_FREE(struct dw_ahb, interrupt_probe), .why = STATE_PROBE},
    {STATE_FREE(struct dw_ahb, beat_probe), .why = STATE_PROBE},
    {STATE_FREE(struct dw_ahb, transfer_probe), .why = STATE_PROBE},
    {STATE_FREE(struct dw_ahb, register_probe), .why = STATE_PROBE},
    {.name = NULL},
};
const struct state_table dw_ahb_state = {STATE_TABLE(dw_ahb, dw_ahb_rows)};

/* ---- what counts have in common -------------------------------------------------------------- */

static uint32_t source_of(const struct dw_ahb_channel *ch, uint32_t byte)
{
    return ch->side[DW_SOURCE].next - ch->commanded + byte;
}

static uint32_t destination_of(const struct dw_ahb_channel *ch, uint32_t byte)
{
    return ch->side[DW_DESTINATION].next - ch->claimed + byte;
}

static bool rises(const struct dw_ahb_side *side)
{
    return !side->peripheral && side->direction > 0 && side->jump_every == 0;
}

static bool copies(const struct dw_ahb_channel *ch)
{
    return ch->state == DW_TRANSFER && ch->length_known && !ch->on_demand &&
           rises(&ch->side[DW_SOURCE]) && rises(&ch->side[DW_DESTINATION]);
}

/* Bursts are cut at 1 KiB (bus/ahb/ahb_master.c). Those of one beat, and those of transactions that begin at
 * multiples of their size, never have to be; of others it matters where in their 1 KiB they are. */
static uint32_t phase_in_kib(const struct dw_ahb_channel *ch, const struct dw_ahb_side *side)
{
    const uint32_t bytes = (uint32_t)side->burst_items << side->hsize;
    const uint32_t taken = side->open ? side->burst_items - side->transaction : 0;
    const uint32_t begin = side->next - (taken << side->hsize);
    if (ch->longest == 1 || (bytes <= AHB_KIB && (begin & (bytes - 1)) == 0)) /* a power of 2 */
        return AHB_KIB;
    return side->next % AHB_KIB;
}

/* Where it matters, a period is no shorter than 1 KiB. */
void dw_ahb_mark(const struct dw_ahb *dma, const struct dw_ahb_flight *flight)
{
    const struct dw_ahb_channel *ch = &dma->channels[flight->channel];
    if (dma->kernel->observed || !copies(ch))
        return;
    if (flight->address / AHB_KIB != flight->after / AHB_KIB ||
        (phase_in_kib(ch, &ch->side[DW_SOURCE]) == AHB_KIB &&
         phase_in_kib(ch, &ch->side[DW_DESTINATION]) == AHB_KIB))
        repeat_mark(&dma->unit);
}

static void visit_channel(const struct dw_ahb_channel *ch, struct repeat *repeat)
{
    const struct dw_ahb_side *source = &ch->side[DW_SOURCE];
    const struct dw_ahb_side *destination = &ch->side[DW_DESTINATION];
    repeat_grown(repeat, ch->popped);
    repeat_same(repeat, source_of(ch, 0));
    repeat_same(repeat, destination_of(ch, 0));
    repeat_same(repeat, source->current - source_of(ch, ch->pushed));
    repeat_same(repeat, destination->current - destination_of(ch, ch->popped));
    repeat_same(repeat, ch->commanded - ch->popped);
    repeat_same(repeat, ch->pushed - ch->popped);
    repeat_same(repeat, ch->claimed - ch->popped);
    repeat_same(repeat, phase_in_kib(ch, source) << 16 | phase_in_kib(ch, destination));
}

enum { CHANNEL_WORDS = 8 };

/* The first counts are `popped` of each active channel. */
static bool visit(void *instance, struct repeat *repeat)
{
    struct dw_ahb *dma = instance;
    if (!repeat->times) {
        if (dma->kernel->observed || dma->switching_off || dma->acknowledged)
            return false;
        for (unsigned on = dma->active; on; on &= on - 1)
            if (!copies(&dma->channels[__builtin_ctz(on)]))
                return false;
        for (uint32_t i = 0; i < dma->port_count; i++)
            dw_ahb_port_catch_up(dma, &dma->ports[i], repeat->now);
    }
    for (unsigned on = dma->active; on; on &= on - 1)
        visit_channel(&dma->channels[__builtin_ctz(on)], repeat);
    return true;
}

/* ---- bytes ----------------------------------------------------------------------------------- */

/* What is left of a block, from byte `popped` on, as it lies in the memories at both ends. */
struct copy {
    struct dw_ahb_channel *ch;
    uint32_t growth; /* bytes in a period */
    uint8_t *from, *to;
    uint32_t bytes;
};

static struct ahb_direct *direct_of(const struct dw_ahb *dma, const struct dw_ahb_side *side,
                                    uint32_t first, uint32_t bytes)
{
    return ahb_bus_direct(dma->ports[side->port].master.bus, first, bytes);
}

static uint8_t *at(const struct ahb_direct *direct, uint32_t address)
{
    return *direct->bytes + (address - direct->base);
}

/* Finds the memories. False if there are none. */
static bool copy_find(const struct dw_ahb *dma, struct copy *copy)
{
    const struct dw_ahb_channel *ch = copy->ch;
    const uint32_t from = source_of(ch, ch->popped), to = destination_of(ch, ch->popped);
    copy->bytes = ch->block_bytes - ch->popped;
    struct ahb_direct *source = direct_of(dma, &ch->side[DW_SOURCE], from, copy->bytes);
    struct ahb_direct *destination = direct_of(dma, &ch->side[DW_DESTINATION], to, copy->bytes);
    if (!source || !destination)
        return false;
    copy->from = at(source, from);
    copy->to = at(destination, to);
    return true;
}

bool dw_ahb_copies(const struct dw_ahb *dma, const struct dw_ahb_channel *ch)
{
    struct copy copy = {.ch = (struct dw_ahb_channel *)ch};
    return !ch->failed && copies(ch) && ch->popped < ch->block_bytes && copy_find(dma, &copy);
}

/* This unit is the one that moves bytes of both memories. */
static bool copy_claim(const struct dw_ahb *dma, const struct copy *copy)
{
    const struct dw_ahb_channel *ch = copy->ch;
    struct ahb_direct *ends[] = {
        direct_of(dma, &ch->side[DW_SOURCE], source_of(ch, ch->popped), copy->bytes),
        direct_of(dma, &ch->side[DW_DESTINATION], destination_of(ch, ch->popped), copy->bytes)};
    for (unsigned end = 0; end < DW_ENDS; end++) {
        if (ends[end]->mover && ends[end]->mover != dma)
            return false;
        ends[end]->mover = dma;
    }
    return true;
}

/* Active channels that get on; their number. */
static unsigned copies_of(struct dw_ahb *dma, const struct repeat *repeat, struct copy *copy)
{
    const uint64_t *growth = repeat->growth + repeat->own;
    unsigned count = 0;
    for (unsigned on = dma->active; on; on &= on - 1, growth++)
        if ((uint32_t)*growth)
            copy[count++] =
                (struct copy){.ch = &dma->channels[__builtin_ctz(on)], .growth = (uint32_t)*growth};
    return count;
}

/* Reads are of whole words of the bus. */
static bool apart(const struct copy *writes, const struct copy *reads)
{
    const size_t word = sizeof(struct ahb_data);
    return reads->from + reads->bytes + word <= writes->to ||
           writes->to + writes->bytes + word <= reads->from;
}

static bool all_apart(const struct copy *copy, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        for (unsigned j = 0; j < count; j++)
            if (!apart(&copy[i], &copy[j]) || (i < j && copy[i].to < copy[j].to + copy[j].bytes &&
                                               copy[j].to < copy[i].to + copy[i].bytes))
                return false;
    return true;
}

/* What the FIFO has to hold, from the source: compares, or copies. */
static bool fifo(const struct dw_ahb *dma, const struct copy *copy, bool compare)
{
    const struct dw_ahb_channel *ch = copy->ch;
    const uint32_t size = dma->config.fifo_bytes, first = ch->popped & (size - 1);
    const uint32_t bytes = ch->pushed - ch->popped;
    const uint32_t to_end = bytes < size - first ? bytes : size - first;
    if (compare)
        return memcmp(ch->fifo + first, copy->from, to_end) == 0 &&
               memcmp(ch->fifo, copy->from + to_end, bytes - to_end) == 0;
    memcpy(ch->fifo + first, copy->from, to_end);
    memcpy(ch->fifo, copy->from + to_end, bytes - to_end);
    return true;
}

/* The copy whose bytes are at a place; null if there is none that gets on. */
static const struct copy *copy_at(const struct copy *copy, unsigned count,
                                  const struct dw_ahb_place *place)
{
    for (unsigned i = 0; i < count; i++)
        if (place->channel == (int8_t)copy[i].ch->index)
            return &copy[i];
    return NULL;
}

/* Bytes from `first` on, which may be some before `popped`. */
static const uint8_t *bytes_at(const struct copy *copy, uint32_t first)
{
    return copy->from + (int32_t)(first - copy->ch->popped);
}

static struct ahb_data hwdata(const struct ahb_bus *bus, const struct copy *copy,
                              const struct dw_ahb_place *place)
{
    struct ahb_data data = {{0, 0}};
    const uint32_t lane = destination_of(copy->ch, place->first) & bus->lane_mask;
    memcpy((uint8_t *)data.lane + lane, bytes_at(copy, place->first), (size_t)1 << place->hsize);
    return data;
}

/* The port's run that writes; null if there is none. */
static struct ahb_run *writes(const struct dw_ahb_port *port)
{
    struct ahb_run *run = &port->master.bus->run;
    return run->start != SIM_NEVER && run->hwrite && run->master == port->master.index ? run : NULL;
}

/* What a port has in its link: compares, or copies. */
static bool links(struct dw_ahb_port *port, const struct copy *copy, unsigned count, bool compare)
{
    struct ahb_bus *bus = port->master.bus;
    struct ahb_data *out = &bus->links.master[port->master.index].hwdata;
    const struct copy *shown = copy_at(copy, count, &port->shown);
    if (shown) {
        const struct ahb_data data = hwdata(bus, shown, &port->shown);
        if (compare && memcmp(&data, out, sizeof data) != 0)
            return false;
        *out = data;
    }
    const struct copy *filled = copy_at(copy, count, &port->filled);
    struct ahb_run *run = filled ? writes(port) : NULL;
    if (!run)
        return true;
    const uint8_t *bytes = bytes_at(filled, port->filled.first);
    const size_t length = (size_t)run->beats << run->hsize;
    if (compare)
        return memcmp(run->bytes, bytes, length) == 0;
    memcpy(run->bytes, bytes, length);
    return true;
}

static uint32_t transaction_bytes(const struct dw_ahb_side *side)
{
    return (uint32_t)side->burst_items << side->hsize;
}

/* So that at every decision there is more left than a transaction of either side. */
static uint64_t periods(const struct copy *copy)
{
    const struct dw_ahb_channel *ch = copy->ch;
    const uint32_t source = transaction_bytes(&ch->side[DW_SOURCE]);
    const uint32_t destination = transaction_bytes(&ch->side[DW_DESTINATION]);
    const uint32_t most = source > destination ? source : destination;
    const uint32_t left = ch->block_bytes - ch->commanded;
    return left > most ? (left - most) / copy->growth : 0;
}

static uint64_t limit(void *instance, const struct repeat *repeat, uint64_t times)
{
    struct dw_ahb *dma = instance;
    struct copy copy[DW_CHANNELS_MAX];
    const unsigned count = copies_of(dma, repeat, copy);
    for (unsigned i = 0; i < count; i++) {
        const uint64_t most = periods(&copy[i]);
        times = most < times ? most : times;
        if (times == 0 || !copy_find(dma, &copy[i]) || !copy_claim(dma, &copy[i]) ||
            !fifo(dma, &copy[i], true))
            return 0;
    }
    if (count == 0 || !all_apart(copy, count))
        return 0;
    for (uint32_t i = 0; i < dma->port_count; i++)
        if (!links(&dma->ports[i], copy, count, true))
            return 0;
    return times;
}

static void pass(void *instance, const struct repeat *repeat)
{
    struct dw_ahb *dma = instance;
    struct copy copy[DW_CHANNELS_MAX];
    const unsigned count = copies_of(dma, repeat, copy);
    for (unsigned i = 0; i < count; i++) {
        const size_t bytes = (size_t)repeat->times * copy[i].growth;
        copy_find(dma, &copy[i]); /* as limit() did */
        KNOWN(copy[i].to && copy[i].from);
        round_read(dma->kernel);
        round_put(dma->kernel, copy[i].to - bytes, copy[i].from - bytes, bytes);
        fifo(dma, &copy[i], false);
    }
    for (uint32_t i = 0; i < dma->port_count; i++)
        links(&dma->ports[i], copy, count, false);
}

const struct repeat_hooks dw_ahb_repeat = {.state = &dw_ahb_state,
                                           .visit = visit,
                                           .words = DW_CHANNELS_MAX * CHANNEL_WORDS,
                                           .limit = limit,
                                           .pass = pass};

const struct round_hooks dw_ahb_round = {.state = &dw_ahb_state};
