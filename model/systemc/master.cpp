// SPDX-License-Identifier: BSD-2-Clause
//
// master: what a master outside is in SystemC: a target whose transactions are made on the bus.
//
//   initiator        this                           model
//   BEGIN_REQ  --->  at its time:             --->  transfers, one for each run of enabled bytes
//              <---  END_REQ: all are queued
//              <---  BEGIN_RESP               <---  the last is over
//   END_RESP   --->
//
// Timing
//   A transaction is a transfer that is started at the time of BEGIN_REQ, or of b_transport() and its delay:
// docs/outside.md, "Masters". END_REQ comes when it is in the port's queue (`queue` of the scenario). BEGIN_RESP, or
// the return of b_transport(), is at the time of the edge with which it is over; one response at a time.
//   Bytes that are not enabled are not transferred; a streaming width below the length starts again at the address.
// After an error the rest of the transaction is not made: SLVERR and ERROR are TLM_GENERIC_ERROR_RESPONSE, DECERR and an
// address that the bus does not have TLM_ADDRESS_ERROR_RESPONSE.
//   Loosely timed, b_transport() does not wait: it is made in no time, at the model's time, and the delay grows by
// what the bus needs at the least, a cycle of address and one of data for each word.
//
// DMI is never allowed: accesses would have no time, and bytes of the model may be behind or ahead inside a call.
#include "model.h"

#include <algorithm>
#include <deque>

namespace dmasim::detail
{

namespace
{

struct piece {
    uint64_t address;
    uint32_t from, length; // in the payload's data
};

// A transaction under way.
struct access {
    tlm::tlm_generic_payload *payload = nullptr;
    std::vector<piece> pieces;
    size_t started = 0, over = 0;
    bool blocking = false, is_over = false, requested = false;
    sc_core::sc_event done;
};

class master : public port, public tlm::tlm_fw_transport_if<>
{
  public:
    master(model &owner, dmasim_port *handle)
        : port(owner, handle), socket(dmasim_port_name(handle))
    {
        socket.bind(*this);
    }

    void told(const dmasim_event &event) override;
    void act(unsigned what, void *with) override;

    tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload &payload, tlm::tlm_phase &phase,
                                       sc_core::sc_time &delay) override;
    void b_transport(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay) override;
    unsigned transport_dbg(tlm::tlm_generic_payload &payload) override;
    bool get_direct_mem_ptr(tlm::tlm_generic_payload &payload, tlm::tlm_dmi &dmi) override;

    master_socket socket;

  private:
    enum { BEGIN, OVER, RESPOND };

    access *get(tlm::tlm_generic_payload &payload);
    void put(access *done);
    void start();
    bool start_one(access &next);
    void finish(access &done);
    void respond();
    void loosely(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay);
    void wrong(const char *what) const;

    std::vector<std::unique_ptr<access>> all_;
    std::vector<access *> free_;
    std::deque<access *>
        queue_; // in the order of their starts; the first `flying_` pieces are in the model
    std::deque<access *> responses_; // that are to be sent, or the first of which is
    unsigned flying_ = 0;
    bool responding_ = false, requesting_ = false;
};

// Runs of enabled bytes at rising addresses.
std::vector<piece> pieces_of(const tlm::tlm_generic_payload &payload)
{
    std::vector<piece> pieces;
    const unsigned char *enables = payload.get_byte_enable_ptr();
    const unsigned enable_length = payload.get_byte_enable_length();
    const unsigned length = payload.get_data_length(), width = payload.get_streaming_width();
    for (unsigned i = 0; i < length;) {
        if (enables && enables[i % enable_length] != TLM_BYTE_ENABLED) {
            i++;
            continue;
        }
        unsigned end = i + 1;
        while (end < length && end % width != 0 &&
               (!enables || enables[end % enable_length] == TLM_BYTE_ENABLED))
            end++;
        pieces.push_back({payload.get_address() + i % width, i, end - i});
        i = end;
    }
    return pieces;
}

// What the base protocol forbids (IEEE 1666-2011, 14.11, 14.17); false: it is refused.
bool sound(tlm::tlm_generic_payload &payload)
{
    tlm::tlm_response_status status = tlm::TLM_INCOMPLETE_RESPONSE;
    if (payload.get_command() == tlm::TLM_IGNORE_COMMAND)
        status = tlm::TLM_COMMAND_ERROR_RESPONSE;
    else if (payload.get_data_length() == 0 || !payload.get_data_ptr() ||
             payload.get_streaming_width() == 0)
        status = tlm::TLM_BURST_ERROR_RESPONSE;
    else if (payload.get_byte_enable_ptr() && payload.get_byte_enable_length() == 0)
        status = tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
    if (status == tlm::TLM_INCOMPLETE_RESPONSE)
        return true;
    payload.set_response_status(status);
    return false;
}

void master::wrong(const char *what) const
{
    SC_REPORT_ERROR("/dmasim/protocol",
                    (std::string(dmasim_port_name(handle)) + ": " + what).c_str());
}

access *master::get(tlm::tlm_generic_payload &payload)
{
    if (free_.empty()) {
        all_.push_back(std::make_unique<access>());
        free_.push_back(all_.back().get());
    }
    access *made = free_.back();
    free_.pop_back();
    made->payload = &payload;
    made->pieces.clear();
    if (sound(payload)) {
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
        made->pieces = pieces_of(payload);
    }
    made->started = made->over = 0;
    made->blocking = made->is_over = made->requested = false;
    return made;
}

void master::put(access *done)
{
    done->payload = nullptr;
    free_.push_back(done);
}

// ---- in the model ----------------------------------------------------------------------------------------

// With as many of the attributes that were asked for as the bus has wires for.
int start_transfer(dmasim_port *handle, dmasim_transfer &transfer, const bus_extension *wish)
{
    if (wish) {
        transfer.privileged = wish->privileged;
        transfer.attributes.id = wish->id;
        transfer.attributes.prot = wish->prot;
        transfer.attributes.cache = wish->cache;
        transfer.attributes.qos = wish->qos;
    }
    int code = dmasim_transfer_start(handle, &transfer, nullptr);
    if (code == DMASIM_INVALID && wish) {
        transfer.attributes = {};
        transfer.attributes.prot = wish->prot;
        code = dmasim_transfer_start(handle, &transfer, nullptr);
    }
    if (code == DMASIM_INVALID && wish) {
        transfer.attributes = {};
        code = dmasim_transfer_start(handle, &transfer, nullptr);
    }
    return code;
}

// Starts the next piece; false: there is no room now.
bool master::start_one(access &next)
{
    piece &part = next.pieces[next.started];
    const bool write = next.payload->is_write();
    dmasim_transfer transfer{};
    transfer.address = part.address + owner.offset;
    transfer.bytes = part.length;
    transfer.write = write;
    transfer.data = write ? next.payload->get_data_ptr() + part.from : nullptr;
    switch (start_transfer(handle, transfer, next.payload->get_extension<bus_extension>())) {
    case DMASIM_OK:
        next.started++;
        flying_++;
        return true;
    case DMASIM_LIMIT: {
        if (flying_ > 0 || part.length == 1)
            return false;
        // Longer than the port's buffer: in two.
        const piece rest{part.address + part.length / 2, part.from + part.length / 2,
                         part.length - part.length / 2};
        part.length /= 2;
        next.pieces.insert(next.pieces.begin() + static_cast<std::ptrdiff_t>(next.started) + 1,
                           rest);
        return true;
    }
    default:
        next.payload->set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
        next.pieces.resize(next.started);
        return true;
    }
}

// Starts what there is room for; ends what has nothing left to do.
void master::start()
{
    for (size_t i = 0; i < queue_.size(); i++) {
        access &next = *queue_[i];
        while (next.started < next.pieces.size())
            if (!start_one(next))
                return;
        if (!next.requested) {
            next.requested = true;
            if (!next.blocking) {
                requesting_ = false;
                tlm::tlm_phase phase = tlm::END_REQ;
                sc_core::sc_time delay;
                socket->nb_transport_bw(*next.payload, phase, delay);
            }
        }
        if (next.over == next.pieces.size() && i == 0) {
            queue_.pop_front();
            finish(next);
            i = static_cast<size_t>(-1);
        }
    }
}

void master::told(const dmasim_event &event)
{
    access &first = *queue_.front();
    const piece &part = first.pieces[first.over++];
    flying_--;
    if (event.response == DMASIM_RESPONSE_OKAY) {
        if (first.payload->is_read())
            std::copy(event.data, event.data + part.length,
                      first.payload->get_data_ptr() + part.from);
    } else {
        first.payload->set_response_status(event.response == DMASIM_RESPONSE_DECODE
                                               ? tlm::TLM_ADDRESS_ERROR_RESPONSE
                                               : tlm::TLM_GENERIC_ERROR_RESPONSE);
        first.pieces.resize(first.started);
    }
    start();
}

void master::finish(access &done)
{
    if (done.blocking) {
        done.is_over = true;
        done.done.notify();
        return;
    }
    responses_.push_back(&done);
    if (!responding_)
        respond();
}

// ---- AT --------------------------------------------------------------------------------------------------

void master::respond()
{
    while (!responses_.empty() && !responding_) {
        access *next = responses_.front();
        tlm::tlm_phase phase = tlm::BEGIN_RESP;
        sc_core::sc_time delay;
        responding_ = true;
        const tlm::tlm_sync_enum how = socket->nb_transport_bw(*next->payload, phase, delay);
        if (how == tlm::TLM_ACCEPTED)
            return; // END_RESP comes, or has come
        if (how == tlm::TLM_UPDATED && phase != tlm::END_RESP)
            wrong("a phase other than END_RESP after BEGIN_RESP");
        owner.at(owner.ps_of(sc_core::sc_time_stamp() + delay), *this, OVER, next);
        return;
    }
}

void master::act(unsigned what, void *with)
{
    auto *of = static_cast<access *>(with);
    switch (what) {
    case BEGIN:
        owner.enter();
        queue_.push_back(of);
        start();
        break;
    case OVER:
        responses_.pop_front();
        responding_ = false;
        of->payload->release();
        put(of);
        respond();
        break;
    default:
        respond();
    }
}

tlm::tlm_sync_enum master::nb_transport_fw(tlm::tlm_generic_payload &payload, tlm::tlm_phase &phase,
                                           sc_core::sc_time &delay)
{
    if (phase == tlm::BEGIN_REQ) {
        if (requesting_)
            wrong("BEGIN_REQ before the END_REQ of the request before");
        if (!payload.has_mm())
            wrong("a payload without a memory manager in nb_transport");
        requesting_ = true;
        payload.acquire();
        owner.at(owner.ps_of(sc_core::sc_time_stamp() + delay), *this, BEGIN, get(payload));
        return tlm::TLM_ACCEPTED;
    }
    if (phase > tlm::END_RESP)
        return tlm::TLM_ACCEPTED; // a phase that may be ignored
    if (phase != tlm::END_RESP || !responding_ || responses_.front()->payload != &payload) {
        wrong("a phase that the base protocol does not have here");
        return tlm::TLM_ACCEPTED;
    }
    owner.at(owner.ps_of(sc_core::sc_time_stamp() + delay), *this, OVER, responses_.front());
    return tlm::TLM_COMPLETED;
}

// ---- LT --------------------------------------------------------------------------------------------------

void master::loosely(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay)
{
    owner.enter();
    uint64_t cycles = 1;
    for (const piece &part : pieces_of(payload)) {
        uint64_t address = part.address + owner.offset;
        for (uint32_t at = 0; at < part.length;) {
            uint32_t size = 4; // registers are accessed one by one
            while (size > part.length - at || address & (size - 1))
                size /= 2;
            uint8_t *bytes = payload.get_data_ptr() + part.from + at;
            const int code = payload.is_write()
                                 ? dmasim_bus_write(owner.sim, nullptr, address, bytes, size)
                                 : dmasim_bus_read(owner.sim, nullptr, address, bytes, size);
            if (code != DMASIM_OK &&
                owner.debug(payload.is_write(), address, bytes, size) != size) {
                payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
                return;
            }
            at += size;
            address += size;
            cycles++;
        }
    }
    struct dmasim_component component;
    if (dmasim_component_find(owner.sim, dmasim_port_name(handle), &component) == DMASIM_OK)
        delay += owner.time_of(cycles * component.period_ps);
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    owner.changed();
}

void master::b_transport(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay)
{
    if (owner.how.loosely_timed) {
        if (sound(payload))
            loosely(payload, delay);
        return;
    }
    if (delay != sc_core::SC_ZERO_TIME)
        sc_core::wait(delay);
    delay = sc_core::SC_ZERO_TIME;
    access *made = get(payload);
    made->blocking = true;
    owner.at(owner.systemc_ps(), *this, BEGIN, made);
    while (!made->is_over)
        sc_core::wait(made->done);
    put(made);
}

// ---- debug, DMI ------------------------------------------------------------------------------------------

unsigned master::transport_dbg(tlm::tlm_generic_payload &payload)
{
    if (!sound(payload))
        return 0;
    if (sc_core::sc_is_running())
        owner.enter();
    return owner.debug(payload.is_write(), payload.get_address() + owner.offset,
                       payload.get_data_ptr(), payload.get_data_length());
}

bool master::get_direct_mem_ptr(tlm::tlm_generic_payload &payload, tlm::tlm_dmi &dmi)
{
    payload.set_dmi_allowed(false);
    dmi.set_start_address(0);
    dmi.set_end_address(~sc_dt::uint64(0));
    dmi.allow_none();
    SC_REPORT_INFO_VERB("/dmasim/dmi",
                        "no DMI: accesses of a bus take time, and what repeats is passed at once",
                        sc_core::SC_HIGH);
    return false;
}

} // namespace

std::unique_ptr<port> make_master(model &owner, dmasim_port *handle)
{
    return std::make_unique<master>(owner, handle);
}

master_socket *master_of(port *port)
{
    auto *self = dynamic_cast<master *>(port);
    return self ? &self->socket : nullptr;
}

} // namespace dmasim::detail
