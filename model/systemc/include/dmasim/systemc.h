// SPDX-License-Identifier: BSD-2-Clause
//
// dmasim in SystemC: a scenario as a module with TLM-2.0 sockets. C++17; docs/systemc.md is the way through it.
//
//      sc_module system                                         the platform
//      .----------------------------------------------.
//      | controllers, buses, CPUs, memories    slave  |--->  tlm_initiator_socket   memories, devices
//      | of the scenario                       master |<---  tlm_target_socket      CPUs, other masters
//      |                                       line   |<-->  signals                devices that ask for DMA
//      |                                       irq    |--->  signals                interrupts
//      '----------------------------------------------'
//
// What stands outside is what the scenario declares so (types `outside`, `outside-...`; docs/outside.md): each port
// has a socket or signals here, of its name. Nothing of the behaviour is here: all of it is behind dmasim.h.
//
// Timing. SystemC's time is the model's. At time t all edges of the model up to and including t have been stepped
// before what a process does at t takes effect: the first edge later than t samples it. That does not depend on the
// order of processes, nor on delta cycles. The delay that a call carries is added to its time.
#ifndef DMASIM_SYSTEMC_H
#define DMASIM_SYSTEMC_H

#ifdef DMASIM_DMASIM_H
#error                                                                                             \
    "include <dmasim/systemc.h> instead of <dmasim/dmasim.h>: it has all of it; struct dmasim is dmasim_simulation here"
#endif
// C calls the handle struct dmasim, which cannot stand beside a namespace of that name.
#define dmasim dmasim_simulation
#include <dmasim/dmasim.h>
#undef dmasim

#include <tlm>

#include <memory>
#include <stdexcept>
#include <string>
#include <systemc>
#include <vector>

namespace dmasim
{

// A scenario that is not good, a port that is not there, results that cannot be written. what() has all that was
// found, one to a line, with file, line and column.
class error : public std::runtime_error
{
  public:
    error(int code, const std::string &text) : std::runtime_error(text), code_(code)
    {
    }
    int code() const
    {
        return code_;
    } // enum dmasim_code

  private:
    int code_;
};

// What a bus carries beside address and data. Payloads of slave sockets have it, and whoever does not know it ignores it;
// on those of an initiator at a master socket privileged, id, prot, cache and qos are asked for, and what the bus has no
// wires for is left out.
struct bus_extension : tlm::tlm_extension<bus_extension> {
    enum { other, ahb, axi, isa } kind = other;
    std::string master; // who asks; empty if the bus does not tell
    bool privileged = false;
    bool dma = false;        // ISA: a DMA controller asks
    bool sequential = false; // AHB: SEQ, the next beat of a burst
    bool fixed = false;      // AXI FIXED: all beats at one address
    uint64_t address = 0;    // on the bus: a read of whole words starts before it, WRAP too
    uint32_t beats = 1, beat_bytes = 1;
    uint32_t id = 0;            // AXI: AxID; AHB: HMASTER
    uint8_t prot = 0;           // AXI: AxPROT; AHB: HPROT
    uint8_t cache = 0, qos = 0; // AXI: AxCACHE, AxQOS
    uint8_t burst = 0;          // AHB: HBURST
    bool lock = false;          // AXI: AxLOCK; AHB: HMASTLOCK
    bool retry = false;         // set by the target: AHB answers RETRY, and the master asks again

    tlm::tlm_extension_base *clone() const override
    {
        return new bus_extension(*this);
    }
    void copy_from(const tlm::tlm_extension_base &other) override
    {
        *this = static_cast<const bus_extension &>(other);
    }
};

// A phase that may be ignored, from a slave outside before its response: what is in the payload of a read so far is on the
// bus's lines (HRDATA), though not ready.
TLM_DECLARE_EXTENDED_PHASE(data_shown);

// TLAST and TUSER, on payloads of stream sockets. Without it a beat is not the last.
struct stream_extension : tlm::tlm_extension<stream_extension> {
    bool last = false, user = false;

    tlm::tlm_extension_base *clone() const override
    {
        return new stream_extension(*this);
    }
    void copy_from(const tlm::tlm_extension_base &other) override
    {
        *this = static_cast<const stream_extension &>(other);
    }
};

struct options {
    std::vector<std::string> overrides; // "path.to.key=value"
    bool every_cycle = false, reverse_order = false;
    // How far the model may be ahead of SystemC while no process can tell it anything: nothing but speed depends on
    // it, unless sc_main acts between two calls of sc_start. That is warned of; 0 makes it exact too.
    sc_core::sc_time lookahead{1, sc_core::SC_US};
    // Slaves are called by b_transport; the model is ahead by up to the global quantum of TLM, and what comes to it
    // meanwhile is late by no more than that.
    bool loosely_timed = false;
    // A read of a slave in `memories` asks for whole words of the bus, as a memory has them. False, and of a controller's
    // masters: only for the bytes that are asked for, since a device may be there.
    bool words = true;
    bool stop_at_end = false; // sc_stop() when the scenario's work or time is over
    std::string results;      // folder for what `trace` says and what memories dump; empty: none
    dmasim_trace_options trace{};
};

// A scenario that is no file: its text, a name for messages, and where the files that it names lie.
struct text {
    std::string yaml;
    std::string name = "scenario";
    std::string directory; // empty: it may name none
};

using slave_socket = tlm::tlm_initiator_socket<>;
using master_socket = tlm::tlm_target_socket<>;
using device_socket =
    tlm::tlm_initiator_socket<32, tlm::tlm_base_protocol_types, 1, sc_core::SC_ZERO_OR_MORE_BOUND>;
using signal_out =
    sc_core::sc_port<sc_core::sc_signal_inout_if<bool>, 1, sc_core::SC_ZERO_OR_MORE_BOUND>;
using signal_in =
    sc_core::sc_port<sc_core::sc_signal_in_if<bool>, 1, sc_core::SC_ZERO_OR_MORE_BOUND>;

// A request line. Of snps,dw-dmac: dma_req, dma_single, dma_last; dma_ack, dma_finish. Of an 8237A: DREQ (or its
// complement, as the scenario says) is `burst`, EOP from the device `last`; DACK is `ack`, EOP to it `finish`; its
// data come and go by `data`. What is not bound is 0.
struct line {
    explicit line(const std::string &name);
    signal_in burst, single, last;
    signal_out ack, finish;
    device_socket data;
};

namespace detail
{
class model;
}

class system : public sc_core::sc_module
{
  public:
    // Throw dmasim::error. A clock's edges must be multiples of SystemC's time resolution.
    system(const sc_core::sc_module_name &name, const std::string &scenario,
           const options &how = {});
    system(const sc_core::sc_module_name &name, const text &scenario, const options &how = {});
    ~system() override;

    // By the names of the scenario's ports; they throw dmasim::error if there is none of that kind.
    slave_socket &slave(const std::string &port);
    master_socket &master(const std::string &port);
    line &request_line(const std::string &port);
    signal_in &interrupt_input(const std::string &port);
    slave_socket &sink(const std::string &port);    // beats that the model sends: writes
    master_socket &source(const std::string &port); // beats that it gets: writes
    signal_out &interrupt(const std::string &component, const std::string &output = "irq");

    // The simulation, brought up to SystemC's time: for figures, registers, memories. It must not be advanced.
    dmasim_simulation *simulation();
    // A call of dmasim.h may have changed what comes next.
    void changed();
    // The scenario's work or time is over.
    const sc_core::sc_event &ended() const;
    // Signals of the model into a trace file of SystemC, before the simulation starts: those of a probe ("ahb", "dma.ch0") and
    // of the scopes below it, or all. It shows them at the times of dmasim's own VCD, and is slow: each cycle is stepped.
    using sc_core::sc_module::trace;
    void trace(sc_core::sc_trace_file *file, const std::string &scope = "");
    // Closes the traces and writes what the scenario asks for; as the end of the simulation does, or sc_stop().
    void write_results();

  protected:
    system(const sc_core::sc_module_name &name, const std::string *path, const text *scenario,
           const options &how);
    void offset_addresses(uint64_t offset); // is added to addresses at master sockets
    void end_of_elaboration() override;
    void end_of_simulation() override;

  private:
    std::unique_ptr<detail::model> model_;
};

// One controller, with nothing around it: its registers behind a target socket, an initiator socket for each of its bus
// masters, and whatever else it has.
struct controller_options {
    std::string type = "snps,dw-dmac"; // as in a scenario: "adi,axi-dmac", "intel,8237a"
    std::string parameters; // lines of YAML as in a scenario: "channels: 4\nmax_block: 1023"
    sc_core::sc_time period{10, sc_core::SC_NS};
    unsigned width = 32;         // bits of the buses of its masters
    unsigned masters = 1;        // snps,dw-dmac: master ports, one to four
    std::vector<unsigned> lines; // request lines that have pins here
};

class controller : public system
{
  public:
    // Throws dmasim::error; what is wrong with a parameter is said as in a scenario.
    controller(const sc_core::sc_module_name &name, const controller_options &what,
               const options &how = {});

    // Addresses are offsets of registers. An 8237A's page registers, as a PC has them, are from 0x80 on.
    master_socket &registers();
    // The bus masters: of snps,dw-dmac "m0" to "m3", of adi,axi-dmac "source", "destination" and, with
    // `descriptor_bus: descriptors_bus`, "descriptors", of an 8237A "memory".
    slave_socket &memory(const std::string &master);
    // If the parameters say `source: stream`, `destination: stream`.
    using system::source;
    master_socket &source()
    {
        return source("source");
    }
    slave_socket &destination()
    {
        return sink("destination");
    }
    line &request(unsigned number);
    signal_out &irq()
    {
        return interrupt("dma");
    }
};

} // namespace dmasim

#endif
