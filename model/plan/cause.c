/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/cause.h"

#include <string.h>

const struct cause_info cause_table[CAUSES] = {
    [CAUSE_DATA] =
        {
            .name = "data",
            .what = "useful data move",
            .condition = "AHB: a data phase ends with HREADY high and OKAY. AXI: RVALID and "
                         "RREADY, or WVALID and "
                         "WREADY. ISA: a command is on, and this is no wait state",
            .parameters = "buses.*.width, buses.*.clock, controllers.*.masters",
        },
    [CAUSE_DESCRIPTOR] =
        {
            .name = "descriptor",
            .what = "a controller reads descriptors or writes them back",
            .condition =
                "as data, and what moves is of a list item, a descriptor or its write-back",
            .parameters = "work.*.mode, controllers.*.max_block, controllers.*.write_back",
        },
    [CAUSE_REGISTER] =
        {
            .name = "register",
            .what = "registers of a controller are read or written",
            .condition =
                "as data, and the slave is a controller; ISA: the command is IOR or IOW of the CPU",
            .parameters = "work.*.mode, cpus.*.access_gap",
        },
    [CAUSE_FAILED] =
        {
            .name = "failed",
            .what = "a beat ends with an error, or has to be repeated",
            .condition = "AHB: a data phase with HRESP ERROR, RETRY or SPLIT, both cycles. AXI: as "
                         "data, and RRESP is "
                         "SLVERR or DECERR",
            .parameters = "memories.*.errors",
        },
    [CAUSE_ADDRESS] =
        {
            .name = "address",
            .what = "an address goes out, and no data beside it",
            .condition =
                "AHB: HTRANS NONSEQ or SEQ with no data phase. AXI: the handshake of AR or AW, "
                "nothing on R "
                "or W, and no read open. ISA: somebody drives the address, and no command is on",
            .parameters = "work.*.burst, controllers.*.max_bytes_per_burst",
        },
    [CAUSE_WAIT] =
        {
            .name = "wait",
            .what = "waits for the slave",
            .condition =
                "AHB: HREADY low with OKAY in a data phase of the slave. AXI: ARVALID, AWVALID or "
                "WVALID is "
                "shown to it and not taken; a read is open, or of all writes only B is missing, "
                "and it "
                "shows nothing. ISA: a wait state, which a sample of READY that is low brings",
            .parameters = "wait states or latency of <who> (read_first, read_next, write_first, "
                          "write_next, read_latency, write_latency, wait_states), work.*.burst",
            .named = true,
        },
    [CAUSE_OUTSTANDING] =
        {
            .name = "outstanding",
            .what = "as many bursts are open as may be, and none is answered",
            .condition = "AXI: a read is open, RVALID is low, and the master has another one to "
                         "ask for but for its "
                         "limit, or that of the interconnect",
            .parameters = "controllers.*.fifo_size, controllers.*.max_bytes_per_burst, "
                          "buses.*.crossbar.outstanding",
        },
    [CAUSE_ARBITRATION] =
        {
            .name = "arbitration",
            .what = "has lost the bus to another",
            .condition = "of a transfer: its master asks, or has its address out, and what is on "
                         "the bus is the "
                         "other's",
            .parameters = "buses.*.arbiter, buses.*.crossbar.policy, what <who> does",
            .named = true,
        },
    [CAUSE_HANDOVER] =
        {
            .name = "handover",
            .what = "the bus changes hands",
            .condition = "AHB: HTRANS IDLE, no data phase, and who asks has not got its address "
                         "out yet: HGRANT or "
                         "HMASTER is still to follow. AXI: VALID is there and not shown to a "
                         "slave. ISA: HRQ and HLDA "
                         "differ, or nobody drives the bus that was granted",
            .parameters = "buses.*.arbiter.grant, buses.*.arbiter.park, buses.*.hlda_clocks",
        },
    [CAUSE_LOCK] =
        {
            .name = "lock",
            .what = "the bus is locked, and its owner does nothing",
            .condition = "AHB: HTRANS IDLE, no data phase, somebody asks, and HMASTLOCK or HLOCK "
                         "of HMASTER is high, and counts",
            .parameters = "work.*.dw.lock, buses.*.arbiter.ignore_lock",
        },
    [CAUSE_OWNER_IDLE] =
        {
            .name = "owner_idle",
            .what = "the owner keeps the bus from others and does nothing",
            .condition = "AHB: HTRANS IDLE, no data phase, another asks, and the arbiter leaves "
                         "the bus to HMASTER",
            .parameters = "buses.*.arbiter.rearbitrate, buses.*.arbiter.max_hold_cycles",
        },
    [CAUSE_FIFO] =
        {
            .name = "fifo",
            .what = "a FIFO is full where it should take, or empty where it should give",
            .condition =
                "AHB: HTRANS BUSY. AXI: RVALID without RREADY; a write is open and WVALID is low. "
                "Any bus: "
                "nobody asks for it, and a controller with a master there is at work elsewhere",
            .parameters = "controllers.*.fifo, controllers.*.fifo_size, the other side's speed",
        },
    [CAUSE_LATENCY] =
        {
            .name = "latency",
            .what = "the controller is between two steps: sides, channels, start",
            .condition =
                "nobody asks, and a channel is at work with nothing to wait for but its own cycles",
            .parameters = "controllers.*.switch_cycles, controllers.*.enable_cycles, "
                          "controllers.*.handshake_cycles",
        },
    [CAUSE_TURN] =
        {
            .name = "turn",
            .what = "the channel waits for its turn in the controller",
            .condition = "the channel could go on, and its controller, or the master it would use, "
                         "works for another "
                         "channel",
            .parameters = "work.*.channel, work.*.dw.priority, controllers.*.masters",
        },
    [CAUSE_PERIPHERAL] =
        {
            .name = "peripheral",
            .what = "the peripheral does not ask for data, or gives none",
            .condition = "no request on the line of a side that needs one next; of a stream or "
                         "FIFO: no VALID, or no "
                         "READY",
            .parameters = "peripherals.*.rate, peripherals.*.threshold, peripherals.*.depth",
        },
    [CAUSE_CPU] =
        {
            .name = "cpu",
            .what = "software has it: the driver before it starts and after it ends, interrupts",
            .condition = "a transfer is under way and its channel is not at work, or waits for "
                         "software; of a bus also: "
                         "nobody asks, and a CPU runs a task or is about to take an interrupt",
            .parameters =
                "cpus.*.interrupt_latency, cpus.*.tasklet_latency, cpus.*.callback_latency, "
                "cpus.*.access_gap",
        },
    [CAUSE_NOTHING] =
        {
            .name = "nothing",
            .what = "there is nothing to do",
            .condition = "nobody asks, and none of the others holds",
        },
};

bool cause_figure(const char *name, bool *may)
{
    static const char middle[] = ".cause.";
    const char *at = strstr(name, middle);
    if (!at)
        return false;
    at += strlen(middle);
    for (size_t i = 0; may && i < CAUSES; i++) {
        const size_t length = strlen(cause_table[i].name);
        const char end = cause_table[i].named ? '.' : '\0';
        *may |= strncmp(name, "bus.", 4) != 0 && strncmp(at, cause_table[i].name, length) == 0 &&
                at[length] == end;
    }
    return true;
}
