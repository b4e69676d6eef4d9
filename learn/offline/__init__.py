"""The site as an app on the device: its manifest, and what opens without a network."""
