// SPDX-License-Identifier: GPL-2.0
/*
 * dmasim_iio: a converter of the device tree (a stream source at a DMA controller) as an IIO device, whose samples any
 * program reads from /dev/iio:deviceN. All of its work is the kernel's own industrialio-buffer-dmaengine.
 */
#include <linux/iio/buffer-dmaengine.h>
#include <linux/iio/iio.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>

static const struct iio_chan_spec channels[] = {
	{
		.type = IIO_VOLTAGE,
		.indexed = 1,
		.scan_index = 0,
		.scan_type = { .sign = 'u', .realbits = 64, .storagebits = 64 },
	},
};

static const struct iio_info info = { };

static int converter_probe(struct platform_device *pdev)
{
	struct iio_dev *converter = devm_iio_device_alloc(&pdev->dev, 0);
	int ret;

	if (!converter)
		return -ENOMEM;
	converter->name = "dmasim";
	converter->info = &info;
	converter->modes = INDIO_DIRECT_MODE;
	converter->channels = channels;
	converter->num_channels = ARRAY_SIZE(channels);
	ret = devm_iio_dmaengine_buffer_setup(&pdev->dev, converter, "rx");
	if (ret)
		return dev_err_probe(&pdev->dev, ret, "no DMA buffer\n");
	return devm_iio_device_register(&pdev->dev, converter);
}

static const struct of_device_id converter_nodes[] = {
	{ .compatible = "dmasim,axi-stream-source" },
	{ .compatible = "dmasim,fifo-writer" },
	{ }
};

static struct platform_driver converter_driver = {
	.driver = {
		.name = "dmasim-converter",
		.of_match_table = converter_nodes,
	},
	.probe = converter_probe,
};
module_platform_driver(converter_driver);
MODULE_IMPORT_NS(IIO_DMAENGINE_BUFFER);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Converters of dmasim");
