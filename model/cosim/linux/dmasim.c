// SPDX-License-Identifier: GPL-2.0
/*
 * dmasim: what a User-Mode Linux kernel needs beside its own drivers to use the devices of `dmasim linux`.
 *
 * - A device tree's nodes below `compatible = "dmasim,soc"` become platform devices, each with the registers of the PCI
 *   function whose vendor capability has the node's address (model/cosim/pci.h), and with its interrupt.
 * - INTA of a PCI function gets an interrupt chip, which virt-pci of 6.12 forgets, so request_irq() would fail. The driver
 *   that was bound in vain before is bound again.
 * - /dev/dmasim: "trace on" and "trace off" open and close a window of traces; any other line is for the log.
 * - What the kernel prints, at any level, goes to the simulation as it is printed; with tp_printk on the kernel's command
 *   line also the trace events that trace_event= names. This takes none of the guest's time.
 */
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/interrupt.h>
#include <linux/miscdevice.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>
#include <linux/uaccess.h>
#include <trace/events/printk.h>

#define VENDOR		0xd3a5
#define REGISTERS	0x0001
#define CONTROL		0x0002

#define CONTROL_TRACE	0
#define CONTROL_TEXT	4
#define CONTROL_LINE	0x100
#define LINE		1000
#define INTERRUPTS	32

/* ---- interrupts ---------------------------------------------------------------------------- */

static struct device_node *soc;
static struct irq_domain *domain;

static int map_interrupt(struct irq_domain *of, unsigned int irq, irq_hw_number_t number)
{
	irq_set_chip_and_handler(irq, &dummy_irq_chip, handle_simple_irq);
	return 0;
}

static const struct irq_domain_ops domain_ops = {
	.map = map_interrupt,
	.xlate = irq_domain_xlate_onecell,
};

static int on_bus_event(struct notifier_block *self, unsigned long event, void *data)
{
	struct pci_dev *pdev = to_pci_dev(data);

	if (event == BUS_NOTIFY_BIND_DRIVER && pdev->irq &&
	    !strcmp(irq_get_chip(pdev->irq)->name, "none"))
		irq_set_chip_and_handler(pdev->irq, &dummy_irq_chip, handle_simple_irq);
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = on_bus_event };

/* ---- registers ----------------------------------------------------------------------------- */

struct function {
	struct platform_device *device;
	u32 interrupt;
};

static irqreturn_t on_interrupt(int irq, void *data)
{
	struct function *function = data;

	generic_handle_domain_irq(domain, function->interrupt);
	return IRQ_HANDLED;
}

/* The node of a PCI function: that with its address in the scenario. */
static struct device_node *find_node(struct pci_dev *pdev)
{
	int at = pci_find_capability(pdev, PCI_CAP_ID_VNDR);
	struct device_node *node;
	struct resource reg;
	u32 low = 0, high = 0;

	if (!at || !soc)
		return NULL;
	pci_read_config_dword(pdev, at + 4, &low);
	pci_read_config_dword(pdev, at + 8, &high);
	for_each_child_of_node(soc, node)
		if (!of_address_to_resource(node, 0, &reg) &&
		    reg.start == ((u64)high << 32 | low))
			return node;
	return NULL;
}

static int function_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct platform_device_info info = { };
	struct resource registers = { };
	struct function *function;
	struct device_node *node = find_node(pdev);
	int ret;

	if (!node)
		return -ENODEV;
	function = devm_kzalloc(&pdev->dev, sizeof(*function), GFP_KERNEL);
	if (!function)
		return -ENOMEM;
	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	pci_set_master(pdev);
	if (!of_property_read_u32(node, "interrupts", &function->interrupt)) {
		ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSIX);
		if (ret < 0)
			return ret;
		ret = devm_request_irq(&pdev->dev, pci_irq_vector(pdev, 0), on_interrupt, 0,
				       node->name, function);
		if (ret)
			return ret;
	}
	registers.start = pci_resource_start(pdev, 0);
	registers.end = pci_resource_end(pdev, 0);
	registers.flags = IORESOURCE_MEM;
	registers.name = node->full_name;
	info.parent = &pdev->dev;
	info.fwnode = of_fwnode_handle(node);
	info.name = node->name;
	info.id = PLATFORM_DEVID_AUTO;
	info.res = &registers;
	info.num_res = 1;
	info.dma_mask = DMA_BIT_MASK(32);
	function->device = platform_device_register_full(&info);
	if (IS_ERR(function->device))
		return PTR_ERR(function->device);
	pci_set_drvdata(pdev, function);
	return 0;
}

static void function_remove(struct pci_dev *pdev)
{
	struct function *function = pci_get_drvdata(pdev);

	platform_device_unregister(function->device);
}

static const struct pci_device_id function_ids[] = { { PCI_DEVICE(VENDOR, REGISTERS) }, { } };

static struct pci_driver function_driver = {
	.name = "dmasim-registers",
	.id_table = function_ids,
	.probe = function_probe,
	.remove = function_remove,
};

/* ---- control ------------------------------------------------------------------------------- */

static void __iomem *control;

/* A line of the kernel's, whatever it is in the middle of. What this prints itself is lost, but counted. */
static void on_print(void *data, const char *text, size_t length)
{
	static struct {
		u32 number;
		char text[LINE];
	} __packed line;
	static bool busy;
	static u32 count;
	unsigned long flags;

	local_irq_save(flags);
	if (!busy && control) {
		busy = true;
		line.number = count;
		length = min_t(size_t, length, LINE);
		memcpy(line.text, text, length);
		memcpy_toio(control + CONTROL_LINE, &line, sizeof(line.number) + length);
		busy = false;
	}
	count++;
	local_irq_restore(flags);
}

static ssize_t control_write(struct file *file, const char __user *user, size_t count, loff_t *at)
{
	char text[256];
	size_t length = min(count, sizeof(text) - 1);
	unsigned long flags;

	if (!control)
		return -ENODEV;
	if (copy_from_user(text, user, length))
		return -EFAULT;
	if (length && text[length - 1] == '\n')
		text[length - 1] = '\0';
	text[length] = '\0';
	if (!strcmp(text, "trace on")) {
		writel(1, control + CONTROL_TRACE);
	} else if (!strcmp(text, "trace off")) {
		writel(0, control + CONTROL_TRACE);
	} else {
		local_irq_save(flags);
		memcpy_toio(control + CONTROL_TEXT, text, strlen(text) + 1);
		local_irq_restore(flags);
	}
	return count;
}

static const struct file_operations control_operations = {
	.owner = THIS_MODULE,
	.write = control_write,
};

static struct miscdevice control_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "dmasim",
	.fops = &control_operations,
};

static int control_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	int ret = pcim_enable_device(pdev);

	if (ret)
		return ret;
	ret = pcim_iomap_regions(pdev, 1 << 0, "dmasim");
	if (ret)
		return ret;
	control = pcim_iomap_table(pdev)[0];
	ret = misc_register(&control_device);
	if (ret)
		control = NULL;
	else
		register_trace_console(on_print, NULL);
	return ret;
}

static void control_remove(struct pci_dev *pdev)
{
	unregister_trace_console(on_print, NULL);
	tracepoint_synchronize_unregister();
	misc_deregister(&control_device);
	control = NULL;
}

static const struct pci_device_id control_ids[] = { { PCI_DEVICE(VENDOR, CONTROL) }, { } };

static struct pci_driver control_driver = {
	.name = "dmasim-control",
	.id_table = control_ids,
	.probe = control_probe,
	.remove = control_remove,
};

/* ---- the module ---------------------------------------------------------------------------- */

static struct platform_device *plain[8];

/* Devices without registers. */
static void add_plain(void)
{
	struct device_node *node;
	unsigned int count = 0;

	if (!soc)
		return;
	for_each_child_of_node(soc, node)
		if (!of_property_present(node, "reg") && count < ARRAY_SIZE(plain))
			plain[count++] = of_platform_device_create(node, NULL, NULL);
}

static void bind_again(void)
{
	struct pci_dev *pdev = NULL;

	for_each_pci_dev(pdev)
		if (!pdev->dev.driver)
			WARN_ON(device_attach(&pdev->dev) < 0);
}

static int __init dmasim_init(void)
{
	struct device_node *controller;
	int ret;

	soc = of_find_compatible_node(NULL, NULL, "dmasim,soc");
	controller = of_find_compatible_node(NULL, NULL, "dmasim,interrupts");
	if (controller) {
		domain = irq_domain_add_linear(controller, INTERRUPTS, &domain_ops, NULL);
		if (!domain)
			return -ENOMEM;
	}
	bus_register_notifier(&pci_bus_type, &notifier);
	ret = pci_register_driver(&control_driver);
	if (!ret)
		ret = pci_register_driver(&function_driver);
	if (ret)
		return ret;
	bind_again();
	add_plain();
	return 0;
}

static void __exit dmasim_exit(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(plain); i++)
		if (plain[i])
			of_platform_device_destroy(&plain[i]->dev, NULL);
	pci_unregister_driver(&function_driver);
	pci_unregister_driver(&control_driver);
	bus_unregister_notifier(&pci_bus_type, &notifier);
	for (i = 0; domain && i < INTERRUPTS; i++)
		irq_dispose_mapping(irq_find_mapping(domain, i));
	if (domain)
		irq_domain_remove(domain);
	of_node_put(soc);
}

module_init(dmasim_init);
module_exit(dmasim_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Devices of dmasim");
