// SPDX-License-Identifier: GPL-2.0
/*
 * dmasim_client: what dmatest does not ask of a DMA controller, and what can be checked of it.
 *
 *   kind=watch        memcpy, looked at by tx_status; in turn let alone, paused and resumed, terminated, let alone again
 *   kind=stop         memcpy, in its middle paused, looked at, terminated
 *   kind=interleaved  memory to memory, rows with gaps, `depth` at once
 *   kind=slave        scatter-gather from a stream that counts (byte i is i)
 *   kind=send         scatter-gather to a stream, which gets bytes that count (byte i is i)
 *   kind=cyclic       a ring of four periods from the same stream, until `count` of them have come
 *
 * One line at the end is for scripts: RESULT driver,test,transfers,failures
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#define pr_client(format, ...) pr_info("dmasim_client: " format, ##__VA_ARGS__)

#define BUFFER		(256 * 1024)
#define SEGMENTS_MAX	16
#define RING		4	/* periods */

static char *kind = "watch";
module_param(kind, charp, 0444);
static char *channel;
module_param(channel, charp, 0444);
MODULE_PARM_DESC(channel, "name of the channel; none: any that can");
static uint count = 20;
module_param(count, uint, 0444);
static uint size = 4096;
module_param(size, uint, 0444);
static uint align = 128;
module_param(align, uint, 0444);
static uint rows = 1;
module_param(rows, uint, 0444);
static uint gap;
module_param(gap, uint, 0444);
MODULE_PARM_DESC(gap, "longest gap between rows, in units of align");
static uint depth = 1;
module_param(depth, uint, 0444);
static uint segments = 4;
module_param(segments, uint, 0444);

struct client {
	struct dma_chan *chan;
	struct device *dev;
	u8 *source, *target, *want;
	dma_addr_t source_dma, target_dma;
	struct completion done;
	unsigned int transfers, failures;
	u32 random;
};

static u32 next_random(struct client *self)
{
	self->random ^= self->random << 13;
	self->random ^= self->random >> 17;
	self->random ^= self->random << 5;
	return self->random;
}

static void called(void *context)
{
	struct client *self = context;

	complete(&self->done);
}

static void fill(struct client *self)
{
	unsigned int i;

	for (i = 0; i < BUFFER; i += 4)
		*(u32 *)(self->source + i) = next_random(self);
	memset(self->target, 0xcc, BUFFER);
	memset(self->want, 0xcc, BUFFER);
}

static void map(struct client *self)
{
	self->source_dma = dma_map_single(self->dev, self->source, BUFFER, DMA_TO_DEVICE);
	self->target_dma = dma_map_single(self->dev, self->target, BUFFER, DMA_BIDIRECTIONAL);
}

static void unmap(struct client *self)
{
	dma_unmap_single(self->dev, self->source_dma, BUFFER, DMA_TO_DEVICE);
	dma_unmap_single(self->dev, self->target_dma, BUFFER, DMA_BIDIRECTIONAL);
}

static void failed(struct client *self, const char *what, unsigned int round)
{
	if (self->failures++ < 3)
		pr_client("%s in round %u\n", what, round);
}

static void compare(struct client *self, unsigned int round)
{
	unsigned int i;

	if (!memcmp(self->target, self->want, BUFFER))
		return;
	for (i = 0; self->target[i] == self->want[i]; i++)
		;
	if (self->failures < 3)
		pr_client("byte %u is %02x, not %02x\n", i, self->target[i], self->want[i]);
	failed(self, "wrong data", round);
}

/* Submits and starts; the cookie is negative if it was refused. */
static dma_cookie_t start(struct client *self, struct dma_async_tx_descriptor *tx)
{
	dma_cookie_t cookie = -EINVAL;

	if (tx) {
		tx->callback = called;
		tx->callback_param = self;
		cookie = dmaengine_submit(tx);
	}
	return cookie;
}

/* ---- watch --------------------------------------------------------------------------------- */

/* Paused, the residue stands still, and the status says so. */
static void pause_a_while(struct client *self, dma_cookie_t cookie, unsigned int round)
{
	struct dma_tx_state before, after;

	if (dmaengine_pause(self->chan))
		return failed(self, "no pause", round);
	if (dmaengine_tx_status(self->chan, cookie, &before) != DMA_PAUSED)
		failed(self, "paused, and the status does not say so", round);
	udelay(200);
	dmaengine_tx_status(self->chan, cookie, &after);
	if (before.residue != after.residue)
		failed(self, "paused, and the residue moved", round);
	dmaengine_resume(self->chan);
}

static void watch_round(struct client *self, unsigned int round)
{
	const bool pauses = round % 4 == 1, terminates = round % 4 == 2;
	const unsigned int length = min_t(unsigned int, size, BUFFER);
	struct dma_async_tx_descriptor *tx;
	struct dma_tx_state state;
	u32 last = length;
	dma_cookie_t cookie;
	unsigned int looks, i;

	fill(self);
	memcpy(self->want, self->source, length);
	map(self);
	tx = dmaengine_prep_dma_memcpy(self->chan, self->target_dma, self->source_dma, length,
				       DMA_PREP_INTERRUPT | DMA_CTRL_ACK);
	reinit_completion(&self->done);
	cookie = start(self, tx);
	if (cookie < 0) {
		unmap(self);
		return failed(self, "refused", round);
	}
	dma_async_issue_pending(self->chan);
	for (looks = 0; looks < 5000; looks++) {
		if (dmaengine_tx_status(self->chan, cookie, &state) == DMA_COMPLETE)
			break;
		if (state.residue > last)
			failed(self, "the residue grew", round);
		last = state.residue;
		if (pauses && looks == 20)
			pause_a_while(self, cookie, round);
		if (terminates && looks == 20)
			break;
		udelay(10);
	}
	if (terminates) {
		dmaengine_terminate_sync(self->chan);
		for (i = 0; i < BUFFER; i++) /* what was copied is right, the rest untouched */
			if (self->target[i] != 0xcc && self->target[i] != self->want[i]) {
				failed(self, "wrong data after the end", round);
				break;
			}
	} else if (!wait_for_completion_timeout(&self->done, HZ)) {
		failed(self, "no callback", round);
		dmaengine_terminate_sync(self->chan);
	} else {
		compare(self, round);
	}
	unmap(self);
	self->transfers++;
}

/* ---- stop ---------------------------------------------------------------------------------- */

static void stop_round(struct client *self, unsigned int round)
{
	const unsigned int length = min_t(unsigned int, size, BUFFER);
	struct dma_async_tx_descriptor *tx;
	struct dma_tx_state state;
	dma_cookie_t cookie;

	fill(self);
	memcpy(self->want, self->source, length);
	map(self);
	tx = dmaengine_prep_dma_memcpy(self->chan, self->target_dma, self->source_dma, length,
				       DMA_PREP_INTERRUPT | DMA_CTRL_ACK);
	reinit_completion(&self->done);
	cookie = start(self, tx);
	if (cookie < 0) {
		unmap(self);
		return failed(self, "refused", round);
	}
	dma_async_issue_pending(self->chan);
	udelay(20);
	if (dmaengine_pause(self->chan))
		failed(self, "no pause", round);
	if (dmaengine_tx_status(self->chan, cookie, &state) != DMA_PAUSED)
		failed(self, "paused, and the status does not say so", round);
	if (!state.residue || state.residue >= length)
		failed(self, "the residue is none of the middle", round);
	dmaengine_terminate_sync(self->chan);
	unmap(self);
	if (memcmp(self->target, self->want, length - state.residue))
		failed(self, "less was copied than the residue says", round);
	self->transfers++;
}

/* ---- interleaved --------------------------------------------------------------------------- */

/* One block in a part of the buffers, and what is to come of it. */
static struct dma_async_tx_descriptor *prepare_rows(struct client *self, unsigned int part,
						    unsigned int bytes)
{
	unsigned int x = (next_random(self) % (size / align) + 1) * align;
	unsigned int y = next_random(self) % rows + 1, i;
	unsigned int sgap = next_random(self) % (gap + 1) * align;
	unsigned int tgap = next_random(self) % (gap + 1) * align;
	struct dma_async_tx_descriptor *tx;
	struct dma_interleaved_template *xt;
	unsigned int from, to, room;

	while (y > 1 && (x + max(sgap, tgap)) * y > bytes)
		y--;
	if (y == 1)
		sgap = tgap = 0;
	room = bytes - (x + max(sgap, tgap)) * y;
	from = part * bytes + next_random(self) % (room / align + 1) * align;
	to = part * bytes + next_random(self) % (room / align + 1) * align;
	xt = kzalloc(struct_size(xt, sgl, 1), GFP_KERNEL);
	if (!xt)
		return NULL;
	xt->src_start = self->source_dma + from;
	xt->dst_start = self->target_dma + to;
	xt->dir = DMA_MEM_TO_MEM;
	xt->src_inc = xt->dst_inc = true;
	xt->src_sgl = sgap > 0;
	xt->dst_sgl = tgap > 0;
	xt->numf = y;
	xt->frame_size = 1;
	xt->sgl[0].size = x;
	xt->sgl[0].src_icg = sgap;
	xt->sgl[0].dst_icg = tgap;
	/* No flags: dma-axi-dmac of 6.12 takes those that share a bit with the number DMA_CYCLIC for a ring. */
	tx = dmaengine_prep_interleaved_dma(self->chan, xt, 0);
	kfree(xt);
	for (i = 0; tx && i < y; i++)
		memcpy(self->want + to + i * (x + tgap), self->source + from + i * (x + sgap), x);
	return tx;
}

static void interleaved_round(struct client *self, unsigned int round)
{
	unsigned int i, started = 0;

	fill(self);
	map(self);
	reinit_completion(&self->done);
	/* Each is issued by itself: with descriptors in hardware dma-axi-dmac of 6.12 does not look for those that
	 * were issued together with one that has ended.
	 */
	for (i = 0; i < depth; i++) {
		if (start(self, prepare_rows(self, i, rounddown(BUFFER / depth, align))) >= 0)
			started++;
		dma_async_issue_pending(self->chan);
	}
	if (started < depth)
		failed(self, "refused", round);
	for (i = 0; i < started; i++)
		if (!wait_for_completion_timeout(&self->done, HZ)) {
			failed(self, "no callback", round);
			dmaengine_terminate_sync(self->chan);
			break;
		}
	unmap(self);
	if (i == started)
		compare(self, round);
	self->transfers += started;
}

/* ---- from a stream that counts --------------------------------------------------------------- */

/* False: the controller refused it. */
static bool move_list(struct client *self, struct scatterlist *sg, unsigned int n,
		      enum dma_transfer_direction way, unsigned int round)
{
	const enum dma_data_direction dir = way == DMA_DEV_TO_MEM ? DMA_FROM_DEVICE : DMA_TO_DEVICE;
	int entries = dma_map_sg(self->dev, sg, n, dir);
	bool taken;

	reinit_completion(&self->done);
	taken = start(self, dmaengine_prep_slave_sg(self->chan, sg, entries, way,
						    DMA_PREP_INTERRUPT | DMA_CTRL_ACK)) >= 0;
	if (taken) {
		dma_async_issue_pending(self->chan);
		if (!wait_for_completion_timeout(&self->done, HZ)) {
			failed(self, "no callback", round);
			dmaengine_terminate_sync(self->chan);
		}
	} else {
		failed(self, "refused", round);
	}
	dma_unmap_sg(self->dev, sg, n, dir);
	return taken;
}

static void slave_round(struct client *self, unsigned int round, int *expected)
{
	const unsigned int stride = BUFFER / SEGMENTS_MAX;
	const unsigned int n = clamp_t(unsigned int, segments, 1, SEGMENTS_MAX);
	const unsigned int length = min(size, stride);
	struct scatterlist sg[SEGMENTS_MAX];
	unsigned int i, k;
	bool wrong = false;

	memset(self->target, 0xcc, BUFFER);
	sg_init_table(sg, n);
	for (i = 0; i < n; i++)
		sg_set_buf(&sg[i], self->target + i * stride, length);
	if (!move_list(self, sg, n, DMA_DEV_TO_MEM, round))
		return;
	for (i = 0; i < n; i++)
		for (k = 0; k < length; k++) {
			u8 value = self->target[i * stride + k];

			wrong |= *expected >= 0 && value != (u8)*expected;
			*expected = (u8)(value + 1);
		}
	if (wrong)
		failed(self, "wrong data", round);
	self->transfers++;
}

/* What the stream gets, whoever is at its other end sees. */
static void send_round(struct client *self, unsigned int round, u8 *next)
{
	const unsigned int stride = BUFFER / SEGMENTS_MAX;
	const unsigned int n = clamp_t(unsigned int, segments, 1, SEGMENTS_MAX);
	const unsigned int length = min(size, stride);
	struct scatterlist sg[SEGMENTS_MAX];
	unsigned int i, k;

	memset(self->source, 0xcc, BUFFER);
	sg_init_table(sg, n);
	for (i = 0; i < n; i++) {
		for (k = 0; k < length; k++)
			self->source[i * stride + k] = (*next)++;
		sg_set_buf(&sg[i], self->source + i * stride, length);
	}
	if (move_list(self, sg, n, DMA_MEM_TO_DEV, round))
		self->transfers++;
}

static void cyclic(struct client *self)
{
	struct dma_async_tx_descriptor *tx;
	unsigned int seen = 0, jumps = 0, i;
	dma_addr_t ring;

	memset(self->target, 0xcc, RING * size);
	ring = dma_map_single(self->dev, self->target, RING * size, DMA_FROM_DEVICE);
	tx = dmaengine_prep_dma_cyclic(self->chan, ring, RING * size, size, DMA_DEV_TO_MEM,
				       DMA_PREP_INTERRUPT);
	reinit_completion(&self->done);
	if (start(self, tx) < 0) {
		failed(self, "refused", 0);
	} else {
		dma_async_issue_pending(self->chan);
		while (seen < count && wait_for_completion_timeout(&self->done, HZ))
			seen++;
		dmaengine_terminate_sync(self->chan);
	}
	dma_unmap_single(self->dev, ring, RING * size, DMA_FROM_DEVICE);
	for (i = 1; i < RING * size; i++)
		jumps += self->target[i] != (u8)(self->target[i - 1] + 1);
	if (seen < count)
		failed(self, "the periods stopped", seen);
	/* A ring that counts through has one seam: where it was being written. */
	if (jumps > 1)
		failed(self, "wrong data", jumps);
	self->transfers = seen;
}

/* ---- the module ---------------------------------------------------------------------------- */

static bool wanted(struct dma_chan *chan, void *name)
{
	return !name || !strcmp(dma_chan_name(chan), name);
}

static void run(struct client *self)
{
	int expected = -1;
	unsigned int i;
	u8 next = 0;

	if (!strcmp(kind, "cyclic"))
		return cyclic(self);
	for (i = 0; i < count && self->failures < 100; i++) {
		if (!strcmp(kind, "watch"))
			watch_round(self, i);
		else if (!strcmp(kind, "stop"))
			stop_round(self, i);
		else if (!strcmp(kind, "interleaved"))
			interleaved_round(self, i);
		else if (!strcmp(kind, "send"))
			send_round(self, i, &next);
		else
			slave_round(self, i, &expected);
	}
}

static int __init client_init(void)
{
	struct client *self = kzalloc(sizeof(*self), GFP_KERNEL);
	dma_cap_mask_t mask;
	int ret = -ENOMEM;

	if (!self)
		return ret;
	if (!align || !depth || !rows || size < align || size * RING > BUFFER) {
		kfree(self);
		return -EINVAL;
	}
	dma_cap_zero(mask);
	dma_cap_set(!strcmp(kind, "watch") || !strcmp(kind, "stop") ? DMA_MEMCPY :
		    !strcmp(kind, "interleaved") ? DMA_INTERLEAVE : DMA_SLAVE, mask);
	self->chan = dma_request_channel(mask, wanted, channel);
	if (!self->chan) {
		pr_client("no channel for %s\n", kind);
		kfree(self);
		return -ENODEV;
	}
	self->dev = self->chan->device->dev;
	self->random = 12345;
	init_completion(&self->done);
	self->source = kmalloc(BUFFER, GFP_KERNEL);
	self->target = kmalloc(BUFFER, GFP_KERNEL);
	self->want = kmalloc(BUFFER, GFP_KERNEL);
	if (self->source && self->target && self->want) {
		run(self);
		pr_client("RESULT %s,%s,%u,%u\n", self->dev->driver->name, kind,
			  self->transfers, self->failures);
		ret = 0;
	}
	dma_release_channel(self->chan);
	kfree(self->source);
	kfree(self->target);
	kfree(self->want);
	kfree(self);
	return ret;
}

static void __exit client_exit(void)
{
}

module_init(client_init);
module_exit(client_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Client for DMA channels of dmasim");
