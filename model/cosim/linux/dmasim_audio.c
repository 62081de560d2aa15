// SPDX-License-Identifier: GPL-2.0
/*
 * dmasim_audio: a converter of the device tree (a stream source or sink at a DMA controller) as a sound card of 16 bits, two
 * channels, 48 kHz, that records or plays. Its codec is the kernel's dummy, its PCM the kernel's own
 * soc-generic-dmaengine-pcm, on a cyclic transfer. Any program reads or writes /dev/dsp or /dev/snd/pcmC0D0c and p.
 */
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <sound/dmaengine_pcm.h>
#include <sound/pcm.h>
#include <sound/soc.h>

static const struct snd_pcm_hardware hardware = {
	.info = SNDRV_PCM_INFO_MMAP | SNDRV_PCM_INFO_MMAP_VALID | SNDRV_PCM_INFO_INTERLEAVED |
		SNDRV_PCM_INFO_BATCH,
	.buffer_bytes_max = 64 * 1024,
	.period_bytes_min = 512,
	.period_bytes_max = 16 * 1024,
	.periods_min = 2,
	.periods_max = 64,
};

static const struct snd_dmaengine_pcm_config pcm = {
	.pcm_hardware = &hardware,
	.prealloc_buffer_size = 64 * 1024,
};

static struct snd_dmaengine_dai_dma_data played, recorded;

static int converter_dai_probe(struct snd_soc_dai *dai)
{
	snd_soc_dai_init_dma_data(dai, &played, &recorded);
	return 0;
}

static const struct snd_soc_dai_ops dai_operations = { .probe = converter_dai_probe };

#define DAI(stream, text)					\
	{							\
		.name = "dmasim-converter",			\
		.stream = {					\
			.stream_name = text,			\
			.channels_min = 2,			\
			.channels_max = 2,			\
			.rates = SNDRV_PCM_RATE_48000,		\
			.formats = SNDRV_PCM_FMTBIT_S16_LE,	\
		},						\
		.ops = &dai_operations,				\
	}

static struct snd_soc_dai_driver recorder = DAI(capture, "Capture");
static struct snd_soc_dai_driver player = DAI(playback, "Playback");

static const struct snd_soc_component_driver component = { .name = "dmasim-converter" };

static int converter_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct snd_soc_dai_driver *dai = (void *)device_get_match_data(dev);
	struct snd_soc_dai_link_component *ends;
	struct snd_soc_dai_link *link;
	struct snd_soc_card *card;
	int ret;

	card = devm_kzalloc(dev, sizeof(*card), GFP_KERNEL);
	link = devm_kzalloc(dev, sizeof(*link), GFP_KERNEL);
	ends = devm_kcalloc(dev, 2, sizeof(*ends), GFP_KERNEL);
	if (!card || !link || !ends)
		return -ENOMEM;
	ret = devm_snd_soc_register_component(dev, &component, dai, 1);
	if (ret)
		return dev_err_probe(dev, ret, "no component\n");
	ret = devm_snd_dmaengine_pcm_register(dev, &pcm, 0);
	if (ret)
		return dev_err_probe(dev, ret, "no PCM\n");
	ends[0].of_node = dev->of_node;
	ends[0].dai_name = dai->name;
	ends[1].of_node = dev->of_node;
	link->name = "converter";
	link->stream_name = "converter";
	link->cpus = &ends[0];
	link->num_cpus = 1;
	link->codecs = &snd_soc_dummy_dlc;
	link->num_codecs = 1;
	link->platforms = &ends[1];
	link->num_platforms = 1;
	link->capture_only = dai == &recorder;
	link->playback_only = dai == &player;
	card->name = "dmasim";
	card->owner = THIS_MODULE;
	card->dev = dev;
	card->dai_link = link;
	card->num_links = 1;
	ret = devm_snd_soc_register_card(dev, card);
	return ret ? dev_err_probe(dev, ret, "no card\n") : 0;
}

static const struct of_device_id converter_nodes[] = {
	{ .compatible = "dmasim,axi-stream-source", .data = &recorder },
	{ .compatible = "dmasim,fifo-writer", .data = &recorder },
	{ .compatible = "dmasim,axi-stream-sink", .data = &player },
	{ .compatible = "dmasim,fifo-reader", .data = &player },
	{ }
};

static struct platform_driver converter_driver = {
	.driver = {
		.name = "dmasim-audio",
		.of_match_table = converter_nodes,
	},
	.probe = converter_probe,
};
module_platform_driver(converter_driver);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Converters of dmasim as a sound card");
