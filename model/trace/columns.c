/* SPDX-License-Identifier: BSD-2-Clause */
/* columns: see columns.h. */
#include "trace/columns.h"

#include <string.h>

#define HOLDS "holds until the next record"
#define CYCLE "cycle"

/* ---- AHB (signals: IHI 0011A 3) ---------------------------------------------------------------- */

static const struct column ahb_row[] = {
    {"HBUSREQ", NULL, "bit n: master n asks for the bus"},
    {"HLOCK", NULL, "bit n: master n asks for locked transfers"},
    {"HGRANT", NULL,
     "bit n: master n has the grant; it owns the address from the next edge with HREADY high on"},
    {"HMASTER", NULL, "number of the master that owns the address"},
    {"HMASTLOCK", NULL, "1: what it does is locked"},
    {"HTRANS", NULL, "0 IDLE, 1 BUSY, 2 NONSEQ, 3 SEQ: of the address in this cycle"},
    {"HBURST", NULL, "0 SINGLE, 1 INCR, 2 WRAP4, 3 INCR4, 4 WRAP8, 5 INCR8, 6 WRAP16, 7 INCR16"},
    {"HADDR", "address", "of the beat whose address phase this is"},
    {"HWRITE", NULL, "1: it writes"},
    {"HSIZE", NULL, "bytes of the beat, as a power of two"},
    {"HREADY", NULL, "1: the data phase ends, and the address is accepted"},
    {"HRESP", NULL, "0 OKAY, 1 ERROR, 2 RETRY, 3 SPLIT: of the data phase"},
    {"HWDATA", "data", "of the data phase, written"},
    {"HRDATA", "data", "of the data phase, read"},
    {"HSPLIT", NULL, "bit n: a slave lets master n ask again"},
    {NULL, NULL, NULL},
};

static const struct column ahb_master[] = {
    {"HBUSREQ", NULL, "it asks for the bus"},
    {"HLOCK", NULL, "it asks for locked transfers"},
    {"HGRANT", NULL, "it has the grant"},
    {"HTRANS", NULL, "what it drives, whether it owns the address or not, and so on"},
    {"HBURST", NULL, "as HTRANS"},
    {"HADDR", "address", "as HTRANS"},
    {"HWRITE", NULL, "as HTRANS"},
    {"HSIZE", NULL, "as HTRANS; bytes as a power of two"},
    {"HPROT", NULL, "as HTRANS; bit 0 data, 1 privileged, 2 bufferable, 3 cacheable"},
    {"HWDATA", "data", "what it drives in its data phase"},
    {NULL, NULL, NULL},
};

static const struct column ahb_beat[] = {
    {"address_cycle", CYCLE, "in which its address was accepted"},
    {"master", NULL, "whose beat it was"},
    {"slave", NULL, "which answered"},
    {"HADDR", "address", "its address"},
    {"HWRITE", NULL, "1: it wrote"},
    {"HSIZE", NULL, "its bytes, as a power of two"},
    {"HTRANS", NULL, "NONSEQ: the first of a burst; SEQ"},
    {"HBURST", NULL, "kind of its burst"},
    {"HMASTLOCK", NULL, "1: locked"},
    {"HPROT", NULL, "bit 0 data, 1 privileged, 2 bufferable, 3 cacheable"},
    {"HRESP", NULL, "OKAY, ERROR, RETRY or SPLIT"},
    {"data", "data", "of the bus in the cycle in which its data phase ended, all lanes"},
    {NULL, NULL, NULL},
};

/* ---- AXI (signals: IHI 0022E A2) ------------------------------------------------------------------ */

static const struct column axi_row[] = {
    {"ARVALID", NULL, "the master shows the address of a read"},
    {"ARREADY", NULL, "the other side takes it in this cycle, if it is shown"},
    {"ARADDR", "address", "of the first byte of the burst"},
    {"ARID", NULL, "id of the burst"},
    {"ARLEN", NULL, "beats of the burst, less one"},
    {"ARSIZE", NULL, "bytes of a beat, as a power of two"},
    {"ARBURST", NULL, "0 FIXED, 1 INCR, 2 WRAP"},
    {"ARPROT", NULL, "bit 0 privileged, 1 non-secure, 2 instruction"},
    {"ARCACHE", NULL, "bit 0 bufferable, 1 modifiable, 3:2 allocation"},
    {"ARQOS", NULL, "quality of service"},
    {"RVALID", NULL, "the slave shows a beat that was read"},
    {"RREADY", NULL, "the master takes it in this cycle, if it is shown"},
    {"RID", NULL, "id of its burst"},
    {"RRESP", NULL, "0 OKAY, 1 EXOKAY, 2 SLVERR, 3 DECERR"},
    {"RLAST", NULL, "1: the last beat of its burst"},
    {"RDATA", "data", "of the beat, all lanes"},
    {"AWVALID", NULL, "the master shows the address of a write"},
    {"AWREADY", NULL, "the other side takes it in this cycle, if it is shown"},
    {"AWADDR", "address", "of the first byte of the burst"},
    {"AWID", NULL, "id of the burst"},
    {"AWLEN", NULL, "beats of the burst, less one"},
    {"AWSIZE", NULL, "bytes of a beat, as a power of two"},
    {"AWBURST", NULL, "0 FIXED, 1 INCR, 2 WRAP"},
    {"AWPROT", NULL, "bit 0 privileged, 1 non-secure, 2 instruction"},
    {"AWCACHE", NULL, "bit 0 bufferable, 1 modifiable, 3:2 allocation"},
    {"AWQOS", NULL, "quality of service"},
    {"WVALID", NULL, "the master shows a beat to write"},
    {"WREADY", NULL, "the slave takes it in this cycle, if it is shown"},
    {"WSTRB", NULL, "bit n: byte n of WDATA is written"},
    {"WLAST", NULL, "1: the last beat of its burst"},
    {"BVALID", NULL, "the slave shows the answer to a write"},
    {"BREADY", NULL, "the master takes it in this cycle, if it is shown"},
    {"BID", NULL, "id of the write"},
    {"BRESP", NULL, "0 OKAY, 1 EXOKAY, 2 SLVERR, 3 DECERR"},
    {"WDATA", "data", "of the beat, all lanes"},
    {NULL, NULL, NULL},
};

static const struct column bus_beat[] = {
    {"start_cycle", CYCLE, "first one in which the beat, or its burst, was asked for"},
    {"master", NULL, "whose beat it was"},
    {"slave", NULL, "which answered, empty if unknown"},
    {"kind", NULL, "read, write, or what the bus calls it"},
    {"address", "address", "of its first byte"},
    {"write", NULL, "1: it wrote"},
    {"bytes", "bytes", "moved by it, strobes counted"},
    {"error", NULL, "1: it was answered with an error"},
    {NULL, NULL, NULL},
};

/* ---- streams and FIFO interfaces ---------------------------------------------------------------- */

static const struct column axi_stream_row[] = {
    {"TVALID", NULL, "the sender shows a beat"},
    {"TREADY", NULL, "the receiver takes it in this cycle, if it is shown"},
    {"TLAST", NULL, "1: the last beat of a packet"},
    {"TUSER", NULL, "1: what comes begins here (sync)"},
    {"TKEEP", NULL, "bit n: byte n of TDATA is one"},
    {"TDATA", "data", "of the beat; 0 without TVALID"},
    {NULL, NULL, NULL},
};

static const struct column fifo_write_row[] = {
    {"fifo_wr_en", NULL, "the device gives an item in this cycle"},
    {"fifo_wr_overflow", NULL, "1: there was no room for the item before: it is lost"},
    {"fifo_wr_xfer_req", NULL, "1: a transfer is under way"},
    {"fifo_wr_din", "data", "the item; 0 without fifo_wr_en"},
    {NULL, NULL, NULL},
};

static const struct column fifo_read_row[] = {
    {"fifo_rd_en", NULL, "the device asks for an item in this cycle"},
    {"fifo_rd_valid", NULL, "1: here it is"},
    {"fifo_rd_underflow", NULL, "1: there was none for what it asked for"},
    {"fifo_rd_xfer_req", NULL, "1: a transfer is under way"},
    {"fifo_rd_dout", "data", "the item; 0 without fifo_rd_valid"},
    {NULL, NULL, NULL},
};

/* ---- ISA (signals: Intel 8237A data sheet) ------------------------------------------------------- */

static const struct column isa_row[] = {
    {"state", NULL,
     "of the controller that is at work, as the data sheet names them: SI, S0, S1 .."},
    {"dreq", NULL, "bit n: channel n is asked for, levels; four for each controller"},
    {"hrq", NULL, "the first controller asks for the bus"},
    {"hlda", NULL, "the CPU has given it"},
    {"dack_n", NULL, "bit n: level of DACK n, low if active unless programmed otherwise"},
    {"aen", NULL, "1: the controller drives the address"},
    {"adstb", NULL, "1: it latches the high byte of the address"},
    {"memr_n", NULL, "0: memory is read"},
    {"memw_n", NULL, "0: memory is written"},
    {"ior_n", NULL, "0: a port is read"},
    {"iow_n", NULL, "0: a port is written"},
    {"ready", NULL, "0: whoever is asked wants a wait state"},
    {"eop_n", NULL, "0: the end of a process, terminal count"},
    {"address", "address", "what is on the bus"},
    {"data", "data", "what is on the bus"},
    {NULL, NULL, NULL},
};

static const struct column isa_cycle[] = {
    {"start_cycle", CYCLE, "half of CLK in which its first command went on"},
    {"master", NULL, "whose it was: the CPU or a controller"},
    {"command", NULL, "all commands that it had"},
    {"dma", NULL, "1: by DACK, or between two memories"},
    {"channel", NULL, "of the DMA, 0 to 7"},
    {"memory", NULL, "which took part, - if none"},
    {"device", NULL, "which took part, - if none"},
    {"address", "address", "of memory or port"},
    {"bytes", "bytes", "1 or 2"},
    {"data", "data", "that it moved"},
    {"eop", NULL, "1: EOP was low in its last half"},
    {NULL, NULL, NULL},
};

/* ---- controllers ----------------------------------------------------------------------------------- */

static const struct column dw_channel[] = {
    {"state", NULL, "what the channel is about (docs/controllers/dw-dmac.md)"},
    {"SAR", "address", "where it reads next"},
    {"DAR", "address", "where it writes next"},
    {"LLP", "address", "of the next list item"},
    {"left", "items", "of the block, still to be taken from the source; 0 if that is not known"},
    {"fifo", "bytes", "in its FIFO"},
    {"src_burst", NULL, "request line of the source: BURST"},
    {"src_single", NULL, "SINGLE"},
    {"src_last", NULL, "LAST"},
    {"src_ack", NULL, "its answer: ACK"},
    {"src_finish", NULL, "FINISH: that was the end of the block"},
    {"dst_burst", NULL, "request line of the destination: BURST"},
    {"dst_single", NULL, "SINGLE"},
    {"dst_last", NULL, "LAST"},
    {"dst_ack", NULL, "its answer: ACK"},
    {"dst_finish", NULL, "FINISH"},
    {NULL, NULL, NULL},
};

static const struct column adi_dmac[] = {
    {"reset_state", NULL, "of the reset manager: RESET, ENABLED and so on"},
    {"enabled", NULL, "1: it is out of reset, and works"},
    {"req_valid", NULL, "1: a transfer is submitted and waits to be taken"},
    {"generating", NULL, "1: bursts of a transfer are being made"},
    {"src_enabled", NULL, "1: the source side is on"},
    {"dest_enabled", NULL, "1: the destination side is on"},
    {"sending", NULL, "1: a burst is being sent to the destination"},
    {"response_manager", NULL, "its state"},
    {"request_id", NULL, "bursts asked for, modulo 2^16"},
    {"throttled_id", NULL, "of them, those for which the store has room"},
    {"src_address_id", NULL, "whose address the source has sent"},
    {"stored_id", NULL, "that are in the store as a whole"},
    {"dest_address_id", NULL, "whose address the destination has sent"},
    {"sending_id", NULL, "of which data are being sent"},
    {"sent_id", NULL, "that were sent as a whole"},
    {"response_id", NULL, "that were answered"},
    {"irq_source", NULL, "IRQ_SOURCE: bit 0 queued, bit 1 completed"},
    {"transfer_id", NULL, "TRANSFER_ID, of the next transfer"},
    {"active_transfer_id", NULL, "of the one that runs"},
    {"transfer_done", NULL, "TRANSFER_DONE, a bit for each id"},
    {"irq", NULL, "level of the interrupt"},
    {NULL, NULL, NULL},
};

static const struct column rtl_event[] = {
    {"cycle", CYCLE, "in which the RTL's testbench sees it"},
    {"event", NULL, "a handshake or an edge, by the name of its recordings"},
    {"addr_or_value", "address", "address, strobes, or data of a register"},
    {"len", NULL, "AxLEN of an address, beats less one; of others what their recordings have"},
    {"last", NULL, "1: the last beat of a burst"},
    {"valid_since", CYCLE, "first one with VALID high; -1 if there is none"},
    {NULL, NULL, NULL},
};

static const struct column i8237[] = {
    {"state", NULL, "as the data sheet names them: SI, S0, S1 .. of memory to memory S11 .."},
    {"channel", NULL, "that is at work, or was last"},
    {"COMMAND", NULL, "the register"},
    {"TC", NULL, "bits 3:0 of STATUS: terminal counts"},
    {"REQUEST", NULL, "bit n: a software request of channel n"},
    {"MASK", NULL, "bit n: channel n is masked"},
    {"TEMPORARY", NULL, "the register"},
    {"CH0_ADDRESS", "address", "current address"},
    {"CH0_COUNT", NULL, "current count: transfers left, less one"},
    {"CH1_ADDRESS", "address", "current address"},
    {"CH1_COUNT", NULL, "current count"},
    {"CH2_ADDRESS", "address", "current address"},
    {"CH2_COUNT", NULL, "current count"},
    {"CH3_ADDRESS", "address", "current address"},
    {"CH3_COUNT", NULL, "current count"},
    {NULL, NULL, NULL},
};

static const struct column interrupt[] = {
    {"interrupt", NULL, "level of the output"},
    {NULL, NULL, NULL},
};

static const struct column registers[] = {
    {"registers", NULL,
     "text: NAME=VALUE was written, NAME:VALUE was read; stays until the next access"},
    {NULL, NULL, NULL},
};

/* ---- devices, CPUs, memories ------------------------------------------------------------------------ */

static const struct column fifo[] = {
    {"level", "items", "in it"},
    {"dma_req", NULL, "request line: BURST"},
    {"dma_single", NULL, "SINGLE"},
    {"dma_last", NULL, "LAST"},
    {"dma_ack", NULL, "the controller's answer: ACK"},
    {"dma_finish", NULL, "FINISH: that was the end of the block"},
    {"overruns", "items", "lost so far because there was no room"},
    {"underruns", "items", "missing so far when they were read or due"},
    {NULL, NULL, NULL},
};

static const struct column cpu[] = {
    {"context", NULL, "0 idle, 1 traffic, 2 program, 3 interrupt"},
    {"access", NULL, "1: an access of it is under way"},
    {NULL, NULL, NULL},
};

static const struct column cpu_access[] = {
    {"address", "address", "of its first byte"},
    {"context", NULL, "who asked: program, interrupt (its service) or traffic"},
    {"write", NULL, "1: it wrote"},
    {"bytes", "bytes", "of the access"},
    {"error", NULL, "1: it was answered with an error"},
    {"start_cycle", CYCLE, "with which it began"},
    {"stall_cycles", "cycles",
     "what it took longer than on a bus that is free and without wait states"},
    {"stall_ps", "ps",
     "the same as a time: without the stall it would have ended at time_ps - stall_ps"},
    {NULL, NULL, NULL},
};

static const struct column dram_bank[] = {
    {"command", NULL, "in this cycle; - is none"},
    {"open", NULL, "1: a row is open"},
    {"row", NULL, "which"},
    {NULL, NULL, NULL},
};

static const struct column dram_queue[] = {
    {"reads", "requests", "that wait"},
    {"writes", "requests", "that wait"},
    {"active", "requests", "whose row was opened for them, and which have not been accessed"},
    {"refreshes", "commands", "that are due and wait"},
    {"write_mode", NULL, "1: writes go first"},
    {NULL, NULL, NULL},
};

static const struct column dram_command[] = {
    {"channel", NULL, "of the memory"},
    {"command", NULL, "as the standard names it"},
    {"rank", NULL, "HBM2: pseudo channel"},
    {"group", NULL, "bank group; all"},
    {"bank", NULL, "in its group; all"},
    {"row", NULL, "that it opens, or is open"},
    {"column", NULL, "of RD and WR"},
    {"address", "address", "of the request that it is for"},
    {NULL, NULL, NULL},
};

/* ---- what no probe has ------------------------------------------------------------------------------- */

const struct column trace_transfers_table[] = {
    {"controller", NULL, "which moved it; empty: a CPU's program"},
    {"channel", NULL, "of it; 0 where it has none"},
    {"name", NULL, "of the entry of `work`, or the controller if no entry asked for it"},
    {"call", NULL, "the entry's call: memcpy, cyclic .."},
    {"mode", NULL, "how the driver does it: list, reload .."},
    {"bytes", "bytes", "asked for; of a transfer that is unfinished those it got"},
    {"status", NULL, "complete, error, stopped, unfinished"},
    {"submit_ps", "ps", "when it was handed to the driver; empty: never, as in the next five"},
    {"issue_ps", "ps", "when the driver's write that starts it was on the bus"},
    {"first_beat_ps", "ps", "begin of the cycle in which its first data beat ended"},
    {"last_beat_ps", "ps", "begin of the cycle in which its last data beat ended"},
    {"interrupt_ps", "ps", "when the interrupt of its end rose"},
    {"callback_ps", "ps",
     "when the driver's callback returned; of a controller that no call drives, when it ended "
     "there"},
    {"submit_cycle", CYCLE,
     "of the controller's clock, the last edge at or before submit_ps; on an ISA bus of halves of "
     "CLK"},
    {"issue_cycle", CYCLE, "likewise"},
    {"first_beat_cycle", CYCLE, "likewise"},
    {"last_beat_cycle", CYCLE, "likewise"},
    {"interrupt_cycle", CYCLE, "likewise"},
    {"callback_cycle", CYCLE, "likewise"},
    {"data_beats", "beats", "of it, of source and destination"},
    {"descriptor_beats", "beats", "that read its descriptors, or write them back"},
    {"cpu_accesses", "accesses", "of all CPUs that ended between its first and its last beat"},
    {"cpu_stall_cycles", "cycles", "that these were stalled"},
    {NULL, NULL, NULL},
};

static const struct column summary[] = {
    {"metric", NULL, "dotted name of a figure, below"},
    {"value", NULL, "as many decimals as its definition says"},
    {"unit", NULL, "of the value"},
    {NULL, NULL, NULL},
};

static const struct column row_front[] = {
    {"cycle", CYCLE, "of the clock of the bus, from 0 on, each; on an ISA bus a half of CLK"},
    {NULL, NULL, NULL},
};

static const struct column event_front[] = {
    {"cycle", CYCLE, "in which it happened (of a beat: in which its data phase ended)"},
    {"time_ps", "ps", "of the begin of this cycle"},
    {"bus", NULL, "where"},
    {"memory", NULL, "where (dram.csv)"},
    {"cpu", NULL, "whose (accesses.csv)"},
    {NULL, NULL, NULL},
};

static const struct column causes[] = {
    {"name", NULL, "of the entry of work"},
    {"call", NULL, "its kind"},
    {"round", NULL, "which time of the entry: from 1, and \"rest\" for all behind the 1,000th"},
    {"submit_ps", "ps", "as in transfers.csv"},
    {"cause", NULL, "what the cycles went by with ([explain.md](explain.md))"},
    {"cycles", "cycles",
     "of the controller's clock, of a program the CPU's: those of a name and submit_ps add up to "
     "callback_cycle - submit_cycle"},
    {NULL, NULL, NULL},
};

const struct columns trace_columns[] = {
    {"cycles.csv", "in front of all tables of cycles", row_front},
    {"ahb_row", "of each AHB: wires, in a cycle", ahb_row},
    {"axi_row",
     "of each port of an AXI bus: wires, in a cycle; a table of cycles of a port that only reads "
     "or writes has those",
     axi_row},
    {"axi_stream_row", "of each stream: wires, in a cycle", axi_stream_row},
    {"fifo_write_row", "of each FIFO interface into a controller: wires, in a cycle",
     fifo_write_row},
    {"fifo_read_row", "of each FIFO interface out of a controller: wires, in a cycle",
     fifo_read_row},
    {"isa_row", "of each ISA bus: wires, in a half of CLK", isa_row},
    {"bus.csv", "in front of the tables of beats and commands", event_front},
    {"ahb_beat", "of each AHB: a data phase that has ended", ahb_beat},
    {"bus_beat", "of each other bus: a beat that has ended", bus_beat},
    {"isa_cycle",
     "of each ISA bus: a bus cycle, in the first half in which all commands are off again",
     isa_cycle},
    {"dram_command", "of each DRAM: a command", dram_command},
    {"cpu_access", "of each CPU: an access that has ended", cpu_access},
    {"rtl_event", "of an AXI DMAC: an event, as a recording of its RTL has it", rtl_event},
    {"transfers.csv", "a transfer that has ended, or was submitted and has not",
     trace_transfers_table},
    {"summary.csv", "a figure", summary},
    {"causes.csv", "what cycles of a transfer or program went by with", causes},
    {"ahb_master", "in the VCD alone: of each master of an AHB", ahb_master},
    {"dw_channel",
     "in the VCD alone: of each channel of a snps,dw-dmac, from the cycle after the edge that "
     "changed it",
     dw_channel},
    {"adi_dmac", "in the VCD alone: of each adi,axi-dmac", adi_dmac},
    {"i8237", "in the VCD alone: of each intel,8237a", i8237},
    {"interrupt", "in the VCD alone: of each component with an interrupt", interrupt},
    {"register", "in the VCD alone: of each component with registers", registers},
    {"fifo", "in the VCD alone: of each FIFO device", fifo},
    {"cpu", "in the VCD alone: of each CPU", cpu},
    {"dram_bank", "in the VCD alone: of each bank of a DRAM", dram_bank},
    {"dram_queue", "in the VCD alone: of each channel of a DRAM", dram_queue},
    {NULL, NULL, NULL},
};

const struct result_file trace_result_files[] = {
    {"trace.vcd",
     "`--trace vcd`, `trace`",
     "all wires and states, with IEEE 1364-2005 viewers",
     {NULL}},
    {"trace.gtkw", "with the VCD", "a view of it for GTKWave", {NULL}},
    {"trace.<signal>.txt", "with the VCD", "names of the values of a signal, for GTKWave", {NULL}},
    {"cycles.csv, cycles.<port>.csv",
     "`--trace cycles`",
     "a row for each cycle of a bus, stream or port; the second names if there are several",
     {"ahb_row", "axi_row", "axi_stream_row", "fifo_write_row", "fifo_read_row", "isa_row", NULL}},
    {"bus.csv",
     "`--trace bus`",
     "a row for each beat of AHB, of each ISA cycle if there is no AHB",
     {"ahb_beat", "isa_cycle", NULL}},
    {"beats.csv", "`--trace bus`", "a row for each beat of other buses", {"bus_beat", NULL}},
    {"dram.csv", "`--trace bus`", "a row for each command to a DRAM", {"dram_command", NULL}},
    {"accesses.csv", "`--trace bus`", "a row for each access of a CPU", {"cpu_access", NULL}},
    {"events.csv, events.<name>.csv",
     "`--trace events`",
     "a line for each event of an AXI DMAC, in the form of its RTL's recordings: hexadecimal "
     "without 0x",
     {"rtl_event", NULL}},
    {"transfers.csv", "`--trace transfers`", "a row for each transfer", {"transfers.csv", NULL}},
    {"summary.csv", "`--trace summary`", "a row for each figure", {"summary.csv", NULL}},
    {"causes.csv",
     "`--trace summary,causes`",
     "a row for each cause of each transfer and program",
     {"causes.csv", NULL}},
    {"log.txt", "`--trace log`", "what went wrong, in words ([log.md](log.md))", {NULL}},
    {"scenario.resolved.yaml", "always", "the scenario with all defaults and overrides", {NULL}},
    {"interrupted.txt", "if SIGINT or SIGTERM ended it", "where that was", {NULL}},
    {"names that the scenario gives",
     "`output file` in [scenario.md](scenario.md)",
     "bytes that a device received, or that are in memory at the end",
     {NULL}},
    {".dmasim-results", "always", "the names of what the run has made, for the next one", {NULL}},
    {NULL, NULL, NULL, {NULL}},
};

const struct columns *trace_columns_of(const char *type)
{
    for (const struct columns *columns = trace_columns; columns->type; columns++)
        if (strcmp(columns->type, type) == 0)
            return columns;
    return NULL;
}

const struct column *trace_column(const char *type, const char *name)
{
    const struct columns *columns = trace_columns_of(type);
    for (const struct column *column = columns ? columns->list : NULL; column && column->name;
         column++)
        if (strcmp(column->name, name) == 0)
            return column;
    return NULL;
}
