// SPDX-License-Identifier: BSD-2-Clause
//
// slave: what a slave outside is in SystemC: an initiator that makes a transaction of each request, by the AT base
// protocol (IEEE 1666-2011, 15.2) or by b_transport.
//
//   model            this                           target
//   request    --->  BEGIN_REQ                --->
//                                             <---  END_REQ, now or later
//   (data)     <---                           <---  BEGIN_RESP, with a delay or not: a read's data are there
//   answer     <---  at BEGIN_RESP's time
//                    END_RESP, or COMPLETED   --->
//
// Timing
//   BEGIN_REQ is sent at the time of the request, if the one before has had its END_REQ, else right after that. The
// request is answered at the time of BEGIN_RESP: docs/outside.md says which edge samples that.
//   A target that says BEGIN_RESP ahead, by a delay, has the data of a read in the payload by then: a bus with lines
// for it (AHB, ISA) shows them from then on, though not ready.
//
// A read of a slave in `memories` asks for whole words of the bus, as a memory has them, unless the options say
// otherwise; in `peripherals` only for the bytes that were asked for.
//
// Inaccuracies: on ISA, which has no error, an error response is 0xff.
#include "slave.h"

#include <cstring>

namespace dmasim::detail
{

unsigned port::debug(bool, uint64_t, uint8_t *, unsigned)
{
    return 0;
}

namespace
{

// Addresses of the beats of a burst, for AXI (IHI 0022E A3.4.1).
uint64_t beat_address(const dmasim_event &request, uint32_t beat)
{
    const uint64_t first = request.address & ~static_cast<uint64_t>(request.beat_bytes - 1);
    if (request.burst == DMASIM_BURST_FIXED || beat == 0)
        return first;
    uint64_t address = first + static_cast<uint64_t>(beat) * request.beat_bytes;
    if (request.burst == DMASIM_BURST_WRAP) {
        const uint64_t whole = static_cast<uint64_t>(request.beats) * request.beat_bytes;
        const uint64_t bottom = first & ~(whole - 1);
        if (address >= bottom + whole)
            address -= whole;
    }
    return address;
}

} // namespace

static auto kind_of(model &owner, dmasim_port *handle)
{
    struct dmasim_component component, bus;
    if (dmasim_component_find(owner.sim, dmasim_port_name(handle), &component) != DMASIM_OK ||
        !component.bus || dmasim_component_find(owner.sim, component.bus, &bus) != DMASIM_OK)
        return bus_extension::other;
    const std::string type = bus.type;
    return type == "ahb"   ? bus_extension::ahb
           : type == "axi" ? bus_extension::axi
           : type == "isa" ? bus_extension::isa
                           : bus_extension::other;
}

requester::requester(port &owner, bool words)
    : owner_(owner), words_(words), kind_(kind_of(owner.owner, owner.handle))
{
}

requester::~requester() = default;

transaction *requester::get()
{
    if (free_.empty()) {
        all_.push_back(std::make_unique<transaction>());
        transaction *made = all_.back().get();
        made->set_mm(this);
        made->set_extension(made->bus = new bus_extension);
        free_.push_back(made);
    }
    transaction *found = free_.back();
    free_.pop_back();
    found->acquire();
    return found;
}

void requester::free(tlm::tlm_generic_payload *payload)
{
    payload->reset(); // auto extensions of others
    free_.push_back(static_cast<transaction *>(payload));
}

// ---- a request -------------------------------------------------------------------------------------------

// Which bytes the payload has: from the lowest address on.
void requester::lay(transaction &made, const dmasim_event &request)
{
    const uint32_t bytes = request.bytes, size = request.beat_bytes;
    const bool words = words_ && !request.write && request.word_bytes > size &&
                       request.burst != DMASIM_BURST_FIXED;
    const uint64_t first = request.address & ~static_cast<uint64_t>(size - 1);
    made.words = words ? request.word_bytes : 0;
    made.base = request.address;
    made.length = bytes - static_cast<uint32_t>(request.address - first);
    if (request.burst == DMASIM_BURST_WRAP) {
        made.base = first & ~(static_cast<uint64_t>(bytes) - 1);
        made.length = bytes;
    } else if (request.burst == DMASIM_BURST_FIXED) {
        made.base = first;
        made.length = bytes;
    }
    if (words) {
        const uint64_t mask = request.word_bytes - 1;
        const uint64_t end = (made.base + made.length + mask) & ~mask;
        made.base &= ~mask;
        made.length = static_cast<uint32_t>(end - made.base);
    }
}

void requester::fill(transaction &made, const dmasim_event &request)
{
    made.request = request;
    made.request.data = made.request.strobes = nullptr;
    lay(made, request);
    made.bytes.resize(made.length);
    made.set_address(made.base);
    made.set_command(request.write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
    made.set_data_ptr(made.bytes.data());
    made.set_data_length(made.length);
    made.set_streaming_width(request.burst == DMASIM_BURST_FIXED ? request.beat_bytes
                                                                 : made.length);
    made.set_byte_enable_ptr(nullptr);
    made.set_byte_enable_length(0);
    made.set_dmi_allowed(false);
    made.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    bus_extension &bus = *made.bus;
    bus.master.assign(request.master ? request.master : "");
    bus.privileged = request.privileged;
    bus.dma = request.dma;
    bus.sequential = request.sequential;
    bus.fixed = request.burst == DMASIM_BURST_FIXED;
    bus.kind = kind_;
    bus.address = request.address;
    bus.id = request.attributes.id;
    bus.prot = request.attributes.prot;
    bus.cache = request.attributes.cache;
    bus.qos = request.attributes.qos;
    bus.burst = request.attributes.burst;
    bus.lock = request.attributes.lock;
    bus.beats = request.beats;
    bus.beat_bytes = request.beat_bytes;
    bus.retry = false;
    if (request.write)
        fill_write(made, request);
}

// Where byte i of beat n of the request is in the payload; false: nowhere.
static bool place(const transaction &made, uint32_t beat, uint32_t i, uint32_t &at)
{
    const dmasim_event &request = made.request;
    if (request.burst == DMASIM_BURST_FIXED) {
        at = beat * request.beat_bytes + i;
        return true;
    }
    const uint64_t address = beat_address(request, beat) + i;
    at = static_cast<uint32_t>(address - made.base);
    return address >= made.base && at < made.length;
}

void requester::fill_write(transaction &made, const dmasim_event &request)
{
    const uint32_t size = request.beat_bytes;
    if (request.burst == DMASIM_BURST_INCR && !request.strobes) {
        std::memcpy(made.bytes.data(), request.data + (request.bytes - made.length), made.length);
        return;
    }
    bool whole = true;
    made.enables.assign(made.length, TLM_BYTE_DISABLED);
    for (uint32_t beat = 0; beat < request.beats; beat++)
        for (uint32_t i = 0; i < size; i++) {
            uint32_t at;
            const uint32_t from = beat * size + i;
            if (!place(made, beat, i, at))
                continue;
            made.bytes[at] = request.data[from];
            const bool on = !request.strobes || (request.strobes[from / 8] >> from % 8 & 1);
            made.enables[at] = on ? TLM_BYTE_ENABLED : TLM_BYTE_DISABLED;
            whole = whole && on;
        }
    if (whole)
        return;
    made.set_byte_enable_ptr(made.enables.data());
    made.set_byte_enable_length(made.length);
}

// The data of a read as the request has them: beat after beat, of words or of its bytes.
const std::vector<uint8_t> &requester::read_data(transaction &made)
{
    const dmasim_event &request = made.request;
    const uint32_t size = made.words ? made.words : request.beat_bytes;
    if (request.burst == DMASIM_BURST_INCR && !made.words && made.length == request.bytes)
        return made.bytes;
    made.answer.assign(static_cast<size_t>(size) * request.beats, 0);
    for (uint32_t beat = 0; beat < request.beats; beat++) {
        if (made.words) {
            const uint64_t word =
                beat_address(request, beat) & ~static_cast<uint64_t>(made.words - 1);
            std::memcpy(made.answer.data() + static_cast<size_t>(beat) * size,
                        made.bytes.data() + (word - made.base), size);
            continue;
        }
        for (uint32_t i = 0; i < size; i++) {
            uint32_t at;
            if (place(made, beat, i, at))
                made.answer[beat * size + i] = made.bytes[at];
        }
    }
    return made.answer;
}

void requester::told(const dmasim_event &request)
{
    transaction *made = get();
    fill(*made, request);
    begin(*made);
}

void requester::begin(transaction &made)
{
    if (!target)
        SC_REPORT_FATAL("/dmasim/unbound", (std::string(dmasim_port_name(owner_.handle)) +
                                            ": its data socket is not bound")
                                               .c_str());
    if (owner_.owner.how.loosely_timed)
        call(made);
    else if (requesting_)
        waiting_.push_back(&made);
    else
        send(made);
}

// ---- AT --------------------------------------------------------------------------------------------------

void requester::wrong(const transaction &made, const char *what) const
{
    SC_REPORT_ERROR("/dmasim/protocol",
                    (std::string(dmasim_port_name(owner_.handle)) + ": " + what + " (address " +
                     std::to_string(made.get_address()) + ")")
                        .c_str());
}

void requester::send(transaction &made)
{
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_core::sc_time delay;
    requesting_ = &made;
    made.state = transaction::REQUESTED;
    switch (target->nb_transport_fw(made, phase, delay)) {
    case tlm::TLM_ACCEPTED:
        break;
    case tlm::TLM_UPDATED:
        step(made, phase, delay);
        break;
    case tlm::TLM_COMPLETED:
        requested(made, delay);
        respond(made, delay, false);
        break;
    }
}

// END_REQ or BEGIN_RESP; or what is no phase of the base protocol, and may be ignored (IEEE 1666-2011, 15.2.5).
void requester::step(transaction &made, const tlm::tlm_phase &phase, const sc_core::sc_time &delay)
{
    if (phase == tlm::END_REQ && made.state == transaction::REQUESTED && requesting_ == &made) {
        requested(made, delay);
    } else if (phase == tlm::BEGIN_RESP &&
               (made.state == transaction::REQUESTED || made.state == transaction::ACCEPTED)) {
        respond(made, delay, true);
        if (requesting_ == &made)
            requested(made, delay);
    } else if (phase <= tlm::END_RESP) {
        wrong(made, "a phase that the base protocol does not have here");
    }
}

// Its request phase is over after the delay: the next one may begin.
void requester::requested(transaction &made, const sc_core::sc_time &delay)
{
    model &owner = owner_.owner;
    if (made.state == transaction::REQUESTED)
        made.state = transaction::ACCEPTED;
    if (over_)
        return; // its END_REQ has come, and now BEGIN_RESP before the next could be sent
    if (waiting_.empty() && delay == sc_core::SC_ZERO_TIME) {
        requesting_ = nullptr;
        idle();
        return;
    }
    over_ = true;
    owner.at(owner.ps_of(sc_core::sc_time_stamp() + delay), owner_, NEXT, nullptr);
}

void requester::next()
{
    requesting_ = nullptr;
    over_ = false;
    if (waiting_.empty()) {
        idle();
        return;
    }
    transaction *made = waiting_.front();
    waiting_.pop_front();
    send(*made);
}

// Its response is there after the delay; `ends`: END_RESP is to be sent then.
void requester::respond(transaction &made, const sc_core::sc_time &delay, bool ends)
{
    model &owner = owner_.owner;
    made.state = transaction::RESPONDED;
    made.ends = ends;
    if (delay == sc_core::SC_ZERO_TIME && !ends) {
        answer(made);
        return;
    }
    if (delay != sc_core::SC_ZERO_TIME && made.is_response_ok())
        show(made);
    owner.at(owner.ps_of(sc_core::sc_time_stamp() + delay), owner_, ANSWER, &made);
}

tlm::tlm_sync_enum requester::nb_transport_bw(tlm::tlm_generic_payload &payload,
                                              tlm::tlm_phase &phase, sc_core::sc_time &delay)
{
    transaction &made = static_cast<transaction &>(payload);
    if (phase == tlm::BEGIN_RESP && delay == sc_core::SC_ZERO_TIME &&
        (made.state == transaction::REQUESTED || made.state == transaction::ACCEPTED)) {
        if (requesting_ == &made)
            requested(made, delay);
        made.state = transaction::RESPONDED;
        made.ends = false;
        answer(made);
        return tlm::TLM_COMPLETED;
    }
    if (phase == data_shown && made.state != transaction::RESPONDED)
        show(made);
    step(made, phase, delay);
    return tlm::TLM_ACCEPTED;
}

void requester::invalidate_direct_mem_ptr(sc_dt::uint64, sc_dt::uint64)
{
}

// ---- LT --------------------------------------------------------------------------------------------------

void requester::call(transaction &made)
{
    model &owner = owner_.owner;
    const uint64_t here = dmasim_now(owner.sim), systemc = owner.systemc_ps();
    sc_core::sc_time delay = owner.time_of(here > systemc ? here - systemc : 0);
    target->b_transport(made, delay);
    made.state = transaction::RESPONDED;
    made.ends = false;
    const uint64_t done = owner.ps_of(sc_core::sc_time_stamp() + delay);
    if (done <= dmasim_now(owner.sim)) {
        answer(made);
        return;
    }
    if (made.is_response_ok())
        show(made);
    owner.at(done, owner_, ANSWER, &made);
}

// ---- the answer ------------------------------------------------------------------------------------------

// The data of a read are known, although the answer is not due.
void requester::show(transaction &made)
{
    if (made.request.write || made.request.burst != DMASIM_BURST_INCR || made.request.beats > 1)
        return;
    const std::vector<uint8_t> &data = read_data(made);
    const dmasim_answer answer{made.request.id, DMASIM_RESPONSE_WAIT, data.data(),
                               static_cast<uint32_t>(data.size())};
    owner_.owner.enter();
    dmasim_request_answer(owner_.handle, &answer);
}

static dmasim_response response_of(const transaction &made)
{
    if (made.bus->retry)
        return DMASIM_RESPONSE_RETRY;
    switch (made.get_response_status()) {
    case tlm::TLM_OK_RESPONSE:
        return DMASIM_RESPONSE_OKAY;
    case tlm::TLM_ADDRESS_ERROR_RESPONSE:
        return DMASIM_RESPONSE_DECODE;
    default:
        return DMASIM_RESPONSE_ERROR;
    }
}

void requester::over(transaction &made)
{
    dmasim_answer answer{made.request.id, response_of(made), nullptr, 0};
    if (!made.request.write) {
        const std::vector<uint8_t> &data = read_data(made);
        answer.data = data.data();
        answer.bytes = static_cast<uint32_t>(data.size());
    }
    // What a bus does not have becomes what it has: AHB no DECERR, ISA no errors at all.
    int code = dmasim_request_answer(owner_.handle, &answer);
    if (code == DMASIM_INVALID && answer.response != DMASIM_RESPONSE_OKAY) {
        answer.response = DMASIM_RESPONSE_ERROR;
        code = dmasim_request_answer(owner_.handle, &answer);
    }
    if (code == DMASIM_INVALID && answer.response != DMASIM_RESPONSE_OKAY) {
        answer.response = DMASIM_RESPONSE_OKAY;
        made.answer.assign(answer.bytes, 0xff);
        answer.data = made.answer.data();
        code = dmasim_request_answer(owner_.handle, &answer);
    } // else the bus has given it up
}

void requester::answer(transaction &made)
{
    owner_.owner.enter();
    if (made.get_response_status() == tlm::TLM_INCOMPLETE_RESPONSE)
        wrong(made, "a response without a response status");
    over(made);
    owner_.owner.changed();
    if (made.ends) {
        tlm::tlm_phase phase = tlm::END_RESP;
        sc_core::sc_time delay;
        target->nb_transport_fw(made, phase, delay);
    }
    made.release();
}

void requester::act(unsigned what, void *with)
{
    if (what == NEXT)
        next();
    else
        answer(*static_cast<transaction *>(with));
}

// ---- the port --------------------------------------------------------------------------------------------

namespace
{

class slave : public port
{
  public:
    slave(model &owner, dmasim_port *handle)
        : port(owner, handle), socket(dmasim_port_name(handle)),
          requests(*this, owner.how.words && in_memories(owner, handle))
    {
        socket.bind(requests);
    }

    void told(const dmasim_event &event) override
    {
        requests.told(event);
    }
    void act(unsigned what, void *with) override
    {
        requests.act(what, with);
    }
    void bound() override
    {
        requests.target = socket.operator->();
    }
    unsigned debug(bool write, uint64_t address, uint8_t *bytes, unsigned length) override
    {
        tlm::tlm_generic_payload payload;
        payload.set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
        payload.set_address(address);
        payload.set_data_ptr(bytes);
        payload.set_data_length(length);
        payload.set_streaming_width(length);
        return requests.target ? requests.target->transport_dbg(payload) : 0;
    }

    slave_socket socket;
    requester requests;

  private:
    static bool in_memories(model &owner, dmasim_port *handle)
    {
        struct dmasim_component component;
        return dmasim_component_find(owner.sim, dmasim_port_name(handle), &component) ==
                   DMASIM_OK &&
               std::string(component.section) == "memories";
    }
};

} // namespace

std::unique_ptr<port> make_slave(model &owner, dmasim_port *handle)
{
    return std::make_unique<slave>(owner, handle);
}

slave_socket *slave_of(port *port)
{
    auto *self = dynamic_cast<slave *>(port);
    return self ? &self->socket : nullptr;
}

} // namespace dmasim::detail
