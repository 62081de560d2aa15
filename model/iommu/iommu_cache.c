/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * iommu_cache: the DDTC and the IOTLB: match, fill, replacement, invalidation.
 *
 * Both are fully associative, with a tree of bits for the entry that was not used for longest. Node 0 is the
 * root, the children of node i are 2i+1 and 2i+2; an entry's number is its path, most significant bit first. A
 * look-up that hits points each node on the path away from the entry, in every cycle in which it looks; a fill
 * changes no node, and an invalid entry is no better a victim than another (!).
 *
 * A fill in the cycle of an invalidation is lost (!); the page walker's request then hangs, as its miss does not
 * begin anew.
 *
 * Inaccuracies: none known against the traces in traces/golden/riscv_iommu.
 */
#include "iommu/iommu_state.h"

uint32_t iommu_find_context(const struct iommu *self, uint32_t device)
{
    uint32_t hits = 0;
    for (uint32_t i = 0; i < self->config.ddtc; i++)
        hits |= (uint32_t)(self->contexts[i].valid && self->contexts[i].device == device) << i;
    return hits;
}

static bool has_1g(const struct iommu_page *page)
{
    return page->s1 && page->s2 ? page->s1_1g && page->s2_1g : page->s1_1g || page->s2_1g;
}

static bool has_2m(const struct iommu_page *page)
{
    if (!page->s1 || !page->s2)
        return page->s1_2m || page->s2_2m;
    return (page->s1_2m && (page->s2_2m || page->s2_1g)) || (page->s2_2m && page->s1_1g);
}

static bool page_matches(const struct iommu_page *page, const struct iommu_translation *t)
{
    uint32_t vpn = (uint32_t)bits(t->of.iova, 40, 12), differ = page->vpn ^ vpn;
    if (!page->valid || page->s1 != t->s1 || page->s2 != t->s2)
        return false;
    if (t->s1 && page->pscid != t->pscid && !bit(page->pte1, PTE_G))
        return false;
    if (t->s2 && page->gscid != t->gscid)
        return false;
    if (bits(differ, t->s1 ? 26 : 28, 18))
        return false;
    if (has_1g(page))
        return true;
    return !bits(differ, 17, 9) && (has_2m(page) || !bits(differ, 8, 0));
}

uint32_t iommu_find_page(const struct iommu *self, const struct iommu_translation *asked)
{
    uint32_t hits = 0;
    for (uint32_t i = 0; i < self->config.iotlb; i++)
        hits |= (uint32_t)page_matches(&self->pages[i], asked) << i;
    return hits;
}

/* ---- replacement ------------------------------------------------------------------------------- */

static uint32_t tree_after(uint32_t tree, uint32_t hits, uint32_t entries)
{
    for (uint32_t i = 0; i < entries; i++) {
        if (!bit(hits, i))
            continue;
        for (uint32_t half = entries / 2, node = 0; half; half /= 2) {
            uint32_t right = (i & half) != 0;
            tree = (tree & ~(1u << node)) | (uint32_t)(!right) << node;
            node = 2 * node + 1 + right;
        }
    }
    return tree;
}

static uint32_t tree_victim(uint32_t tree, uint32_t entries)
{
    uint32_t victim = 0;
    for (uint32_t half = entries / 2, node = 0; half; half /= 2) {
        uint32_t right = tree >> node & 1;
        victim |= right ? half : 0;
        node = 2 * node + 1 + right;
    }
    return victim;
}

/* ---- invalidation ------------------------------------------------------------------------------ */

/* IOTINVAL, its word 0 and 1. */
enum { INVAL_AV = 10, INVAL_PSCV = 32, INVAL_GV = 33 };

/* IOTINVAL.VMA. (!) With an address and no PSCID global entries go too. */
static bool vma_hits(const struct iommu_page *page, const uint64_t *command)
{
    uint64_t word = command[0];
    uint32_t vpn = (uint32_t)bits(command[1], 38, 10) & 0x7ffffff;
    if (!page->s1 || page->s2 != bit(word, INVAL_GV))
        return false;
    if (page->s2 && page->gscid != bits(word, 59, 44))
        return false;
    if (bit(word, INVAL_PSCV) && (page->pscid != bits(word, 31, 12) || bit(page->pte1, PTE_G)))
        return false;
    if (!bit(word, INVAL_AV))
        return true;
    uint32_t differ = (page->vpn & 0x7ffffff) ^ vpn;
    return !differ || (page->s1_2m && !(differ >> 9)) || (page->s1_1g && !(differ >> 18));
}

/* IOTINVAL.GVMA: by the guest page that the second stage was asked for. */
static bool gvma_hits(const struct iommu_page *page, const uint64_t *command)
{
    uint64_t word = command[0];
    if (!page->s2)
        return false;
    if (!bit(word, INVAL_GV))
        return true;
    if (page->gscid != bits(word, 59, 44))
        return false;
    if (!bit(word, INVAL_AV))
        return true;
    uint64_t guest = page->vpn;
    if (page->s1) {
        guest = bits(pte_ppn(page->pte1), 28, 0);
        if (page->s1_1g)
            guest = with_bits(guest, 17, 0, page->vpn);
        else if (page->s1_2m)
            guest = with_bits(guest, 8, 0, page->vpn);
    }
    uint64_t differ = guest ^ bits(command[1], 38, 10);
    return !differ || (page->s2_2m && !(differ >> 9)) || (page->s2_1g && !(differ >> 18));
}

static void invalidate_pages(struct iommu *self)
{
    const uint64_t *command = self->commands.words;
    bool gvma = bits(command[0], 9, 7) == 1;
    for (uint32_t i = 0; i < self->config.iotlb; i++)
        if (gvma ? gvma_hits(&self->pages[i], command) : vma_hits(&self->pages[i], command))
            self->pages[i].valid = false;
}

static void invalidate_contexts(struct iommu *self)
{
    uint64_t word = self->commands.words[0];
    for (uint32_t i = 0; i < self->config.ddtc; i++)
        if (!bit(word, 33) || self->contexts[i].device == bits(word, 63, 40))
            self->contexts[i].valid = false;
}

void iommu_cache_edge(struct iommu *self, const struct iommu_inputs *in)
{
    const struct iommu_translation *t = &self->now.translation;
    struct iommu_page page;
    uint32_t context_victim = tree_victim(self->context_tree, self->config.ddtc);
    uint32_t page_victim = tree_victim(self->page_tree, self->config.iotlb);
    self->context_tree = tree_after(self->context_tree, t->directory_hits, self->config.ddtc);
    self->page_tree = tree_after(self->page_tree, t->page_hits, self->config.iotlb);

    if (self->now.invalidate_directory) {
        invalidate_contexts(self);
    } else if (self->directory.state == DIRECTORY_UPDATE) {
        struct iommu_context *context = &self->contexts[context_victim];
        context->valid = true;
        context->device = self->directory.device;
        for (uint32_t i = 0; i < DC_WORDS; i++)
            context->words[i] = self->directory.words[i];
    }
    if (self->now.invalidate_pages)
        invalidate_pages(self);
    else if (iommu_walker_fills(self, in, &page))
        self->pages[page_victim] = page;
}
