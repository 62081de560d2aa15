// SPDX-License-Identifier: BSD-2-Clause
//
// model: what is behind a module: the simulation, its time, its ports.
//
//   SystemC's time   S ---------------------------------> wait
//   the model's      M <= S: it is brought up to S when somebody calls (enter), or by its thread
//                    M > S:  nobody can tell it anything before M: the thread waits for M with what there is to tell
//
// The thread wakes when the model has something to do or to tell, and when a call has changed that; in between it
// costs nothing.
#ifndef DMASIM_SYSTEMC_MODEL_H
#define DMASIM_SYSTEMC_MODEL_H

#include "dmasim/systemc.h"

#include <cstdint>
#include <map>

namespace dmasim::detail
{

class model;

// One port of the scenario.
class port
{
  public:
    port(model &owner, dmasim_port *handle) : owner(owner), handle(handle)
    {
    }
    virtual ~port() = default;
    port(const port &) = delete;
    port &operator=(const port &) = delete;

    virtual void told(const dmasim_event &event) = 0; // at its time
    virtual void act(unsigned what, void *with) = 0;  // what was asked for by model::at()
    virtual void bound()
    {
    } // elaboration is over
    // transport_dbg() to it; how many bytes.
    virtual unsigned debug(bool write, uint64_t address, uint8_t *bytes, unsigned length);

    model &owner;
    dmasim_port *const handle;
};

// An interrupt output that somebody has bound.
struct interrupt_output {
    interrupt_output(const std::string &component, const std::string &output);
    std::string component, output;
    signal_out out;
    bool level = false, changed = false;
};

// Probes as variables of SystemC's trace files.
class tracer
{
  public:
    explicit tracer(dmasim_simulation *sim);
    ~tracer();

    // Those of that scope, all if it is empty; how many signals.
    size_t add(sc_core::sc_trace_file *file, const std::string &module, const std::string &scope);
    uint64_t next() const; // when a record shows that is known already
    void apply(uint64_t now);

  private:
    struct signal;
    struct probe;
    struct record;

    static void on_record(void *context, const dmasim_record *record);
    static void show(probe &of, const uint8_t *bytes);

    dmasim_simulation *sim_;
    std::vector<std::unique_ptr<probe>> probes_;
    std::vector<record> later_;
};

class model
{
  public:
    model(system &module, const std::string *path, const text *scenario, const options &how);
    ~model();
    model(const model &) = delete;
    model &operator=(const model &) = delete;

    // Makes the ports; in the constructor of the module.
    void make_ports();
    void bound();
    void run(); // the thread
    void write_results();
    void trace(sc_core::sc_trace_file *file, const std::string &scope);

    uint64_t systemc_ps() const; // SystemC's time
    sc_core::sc_time time_of(uint64_t ps) const;
    uint64_t ps_of(const sc_core::sc_time &time) const;

    // The model's time, at which what a call does now takes effect; all its edges are stepped.
    uint64_t enter();
    void changed()
    {
        input_.notify(sc_core::SC_ZERO_TIME);
    }
    // Calls who->act(what, with) at that time, by the thread; calls of one time in their order.
    void at(uint64_t ps, port &who, unsigned what, void *with);

    // Reads or writes without a mark: how many bytes. Registers are only read.
    unsigned debug(bool write, uint64_t address, uint8_t *bytes, unsigned length);

    port *find(const std::string &name) const;
    interrupt_output &interrupt(const std::string &component, const std::string &output);
    // A port that is not there.
    [[noreturn]] void refuse(const std::string &name, const char *kind) const;

    const options how;
    uint64_t offset = 0; // is added to addresses of masters
    dmasim_simulation *sim = nullptr;
    sc_core::sc_event ended_event{"ended"};

  private:
    struct action {
        uint64_t ps, order;
        port *who;
        unsigned what;
        void *with;
    };

    static void on_interrupt(void *context, const char *component, const char *output, bool level,
                             uint64_t at_ps);
    void advance(uint64_t until_ps);
    bool tell();
    bool act(uint64_t now);
    uint64_t limit(uint64_t now) const;
    uint64_t end_after(uint64_t now) const;
    void check_resolution() const;

    system &module_;
    uint64_t fs_per_tick_ = 1000, stop_ps_ = DMASIM_NEVER, settle_ps_ = 0;
    bool has_work_ = false;
    std::vector<std::unique_ptr<port>> ports_;
    std::map<const dmasim_port *, port *> by_handle_;
    std::vector<std::unique_ptr<interrupt_output>> interrupts_;
    bool interrupts_changed_ = false;
    std::vector<action> actions_; // a heap, the earliest first
    uint64_t orders_ = 0;
    sc_core::sc_event input_{"input"};
    dmasim_trace *trace_ = nullptr;
    std::unique_ptr<tracer> tracer_; // null: nothing is traced into SystemC's files
    bool written_ = false, ended_ = false, warned_ = false;
};

std::unique_ptr<port> make_slave(model &owner, dmasim_port *handle);
std::unique_ptr<port> make_master(model &owner, dmasim_port *handle);
std::unique_ptr<port> make_line(model &owner, dmasim_port *handle);
std::unique_ptr<port> make_input(model &owner, dmasim_port *handle);
std::unique_ptr<port> make_source(model &owner, dmasim_port *handle);
std::unique_ptr<port> make_sink(model &owner, dmasim_port *handle);

// Sockets and signals of a port; null if it is of another kind.
slave_socket *slave_of(port *);
master_socket *master_of(port *);
line *line_of(port *);
signal_in *input_of(port *);
slave_socket *sink_of(port *);
master_socket *source_of(port *);

} // namespace dmasim::detail

#endif
