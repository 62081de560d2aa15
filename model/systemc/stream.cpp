// SPDX-License-Identifier: BSD-2-Clause
//
// stream: AXI4-Stream as transactions.
//
// Timing
//   A transaction at a source's socket is a beat, or so many as its bytes need: END_REQ when the last is queued,
// BEGIN_RESP, or the return of b_transport(), when it was taken. TLAST and TUSER of stream_extension are of the last.
//   A sink sends a write of address 0 for each beat, at the time of its handshake. The next beat may come when that
// has had its END_REQ: a target that says so, or completes, at once takes a beat in each cycle.
#include "slave.h"

#include <algorithm>

namespace dmasim::detail
{

namespace
{

// ---- what the model sends --------------------------------------------------------------------------------

class beats : public requester
{
  public:
    explicit beats(port &owner) : requester(owner, false)
    {
    }

    void told(const dmasim_event &event)
    {
        transaction *made = get();
        if (!made->get_extension<stream_extension>())
            made->set_extension(new stream_extension);
        auto *stream = made->get_extension<stream_extension>();
        stream->last = event.last;
        stream->user = event.user;
        made->request = event;
        made->request.write = true;
        made->bytes.assign(event.data, event.data + event.bytes);
        made->enables.clear();
        for (uint32_t i = 0; event.strobes && i < event.bytes; i++)
            made->enables.push_back(event.strobes[i / 8] >> i % 8 & 1 ? TLM_BYTE_ENABLED
                                                                      : TLM_BYTE_DISABLED);
        const bool whole =
            std::count(made->enables.begin(), made->enables.end(), TLM_BYTE_DISABLED) == 0;
        made->set_command(tlm::TLM_WRITE_COMMAND);
        made->set_address(0);
        made->set_data_ptr(made->bytes.data());
        made->set_data_length(event.bytes);
        made->set_streaming_width(event.bytes);
        made->set_byte_enable_ptr(whole ? nullptr : made->enables.data());
        made->set_byte_enable_length(whole ? 0 : event.bytes);
        made->set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
        begin(*made);
    }

  private:
    void over(transaction &) override
    {
    }
    void idle() override
    {
        owner_.owner.enter();
        dmasim_stream_accept(owner_.handle, 1);
        owner_.owner.changed();
    }
};

class sink : public port
{
  public:
    sink(model &owner, dmasim_port *handle)
        : port(owner, handle), socket(dmasim_port_name(handle)), sent(*this)
    {
        socket.bind(sent);
    }

    void bound() override
    {
        sent.target = socket.operator->();
        dmasim_stream_accept(handle, 1);
    }
    void told(const dmasim_event &event) override
    {
        sent.told(event);
    }
    void act(unsigned what, void *with) override
    {
        sent.act(what, with);
    }

    slave_socket socket;
    beats sent;
};

// ---- what the model gets ---------------------------------------------------------------------------------

struct burst {
    tlm::tlm_generic_payload *payload = nullptr;
    unsigned queued = 0; // bytes
    unsigned beats = 0;  // that are not taken yet
    bool blocking = false, is_over = false;
    sc_core::sc_event done;
};

class source : public port, public tlm::tlm_fw_transport_if<>
{
  public:
    source(model &owner, dmasim_port *handle)
        : port(owner, handle), socket(dmasim_port_name(handle))
    {
        socket.bind(*this);
    }

    void told(const dmasim_event &event) override;
    void act(unsigned what, void *with) override;

    tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload &payload, tlm::tlm_phase &phase,
                                       sc_core::sc_time &delay) override;
    void b_transport(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay) override;
    unsigned transport_dbg(tlm::tlm_generic_payload &) override
    {
        return 0;
    }
    bool get_direct_mem_ptr(tlm::tlm_generic_payload &, tlm::tlm_dmi &dmi) override
    {
        dmi.allow_none();
        return false;
    }

    master_socket socket;

  private:
    enum { BEGIN, OVER };

    burst *get(tlm::tlm_generic_payload &payload);
    void put(burst *done)
    {
        done->payload = nullptr;
        free_.push_back(done);
    }
    bool queue(burst &next);
    void start();
    void respond();

    std::vector<std::unique_ptr<burst>> all_;
    std::vector<burst *> free_;
    std::deque<burst *> waiting_, flying_, responses_;
    unsigned width_ = 4096; // of a beat, as far as it is known: what is too wide is refused
    bool responding_ = false;
};

burst *source::get(tlm::tlm_generic_payload &payload)
{
    if (free_.empty()) {
        all_.push_back(std::make_unique<burst>());
        free_.push_back(all_.back().get());
    }
    burst *made = free_.back();
    free_.pop_back();
    made->payload = &payload;
    made->queued = made->beats = 0;
    made->blocking = made->is_over = false;
    payload.set_response_status(payload.is_write() && payload.get_data_length() > 0
                                    ? tlm::TLM_OK_RESPONSE
                                    : tlm::TLM_COMMAND_ERROR_RESPONSE);
    if (!payload.is_response_ok())
        made->queued = payload.get_data_length();
    return made;
}

// Queues what there is room for; true: all of it is.
bool source::queue(burst &next)
{
    const tlm::tlm_generic_payload &payload = *next.payload;
    const auto *stream = payload.get_extension<stream_extension>();
    while (next.queued < payload.get_data_length()) {
        const unsigned left = payload.get_data_length() - next.queued,
                       bytes = std::min(left, width_);
        dmasim_beat beat{};
        beat.data = payload.get_data_ptr() + next.queued;
        beat.bytes = bytes;
        beat.last = stream && stream->last && bytes == left;
        beat.user = stream && stream->user && bytes == left;
        switch (dmasim_stream_send(handle, &beat)) {
        case DMASIM_OK:
            next.queued += bytes;
            next.beats++;
            break;
        case DMASIM_INVALID:
            if (width_ > 1) {
                width_ /= 2;
                break;
            }
            [[fallthrough]];
        default:
            return false;
        }
    }
    return true;
}

void source::start()
{
    while (!waiting_.empty() && queue(*waiting_.front())) {
        burst *next = waiting_.front();
        waiting_.pop_front();
        flying_.push_back(next);
        if (!next->blocking) {
            tlm::tlm_phase phase = tlm::END_REQ;
            sc_core::sc_time delay;
            socket->nb_transport_bw(*next->payload, phase, delay);
        }
    }
    while (!flying_.empty() && flying_.front()->beats == 0) {
        burst *over = flying_.front();
        flying_.pop_front();
        if (over->blocking) {
            over->is_over = true;
            over->done.notify();
        } else {
            responses_.push_back(over);
        }
    }
    respond();
}

// Beats were taken: of the first that were sent.
void source::told(const dmasim_event &event)
{
    uint32_t taken = event.beats;
    for (auto *list : {&flying_, &waiting_})
        for (burst *each : *list) {
            const uint32_t part = std::min<uint32_t>(taken, each->beats);
            each->beats -= part;
            taken -= part;
        }
    start();
}

void source::respond()
{
    if (responding_ || responses_.empty())
        return;
    tlm::tlm_phase phase = tlm::BEGIN_RESP;
    sc_core::sc_time delay;
    responding_ = true;
    burst *next = responses_.front();
    if (socket->nb_transport_bw(*next->payload, phase, delay) != tlm::TLM_ACCEPTED)
        owner.at(owner.ps_of(sc_core::sc_time_stamp() + delay), *this, OVER, next);
}

void source::act(unsigned what, void *with)
{
    auto *of = static_cast<burst *>(with);
    owner.enter();
    if (what == BEGIN) {
        waiting_.push_back(of);
        start();
    } else {
        responses_.pop_front();
        responding_ = false;
        of->payload->release();
        put(of);
        respond();
    }
}

tlm::tlm_sync_enum source::nb_transport_fw(tlm::tlm_generic_payload &payload, tlm::tlm_phase &phase,
                                           sc_core::sc_time &delay)
{
    const uint64_t at = owner.ps_of(sc_core::sc_time_stamp() + delay);
    if (phase == tlm::BEGIN_REQ) {
        payload.acquire();
        owner.at(at, *this, BEGIN, get(payload));
        return tlm::TLM_ACCEPTED;
    }
    if (phase > tlm::END_RESP)
        return tlm::TLM_ACCEPTED; // a phase that may be ignored
    if (phase != tlm::END_RESP || !responding_ || responses_.front()->payload != &payload) {
        SC_REPORT_ERROR("/dmasim/protocol", (std::string(dmasim_port_name(handle)) +
                                             ": a phase that the base protocol does not have here")
                                                .c_str());
        return tlm::TLM_ACCEPTED;
    }
    owner.at(at, *this, OVER, responses_.front());
    return tlm::TLM_COMPLETED;
}

void source::b_transport(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay)
{
    if (delay != sc_core::SC_ZERO_TIME)
        sc_core::wait(delay);
    delay = sc_core::SC_ZERO_TIME;
    burst *made = get(payload);
    made->blocking = true;
    owner.at(owner.systemc_ps(), *this, BEGIN, made);
    while (!made->is_over)
        sc_core::wait(made->done);
    put(made);
}

} // namespace

std::unique_ptr<port> make_source(model &owner, dmasim_port *handle)
{
    return std::make_unique<source>(owner, handle);
}

std::unique_ptr<port> make_sink(model &owner, dmasim_port *handle)
{
    return std::make_unique<sink>(owner, handle);
}

slave_socket *sink_of(port *port)
{
    auto *self = dynamic_cast<sink *>(port);
    return self ? &self->socket : nullptr;
}

master_socket *source_of(port *port)
{
    auto *self = dynamic_cast<source *>(port);
    return self ? &self->socket : nullptr;
}

} // namespace dmasim::detail
