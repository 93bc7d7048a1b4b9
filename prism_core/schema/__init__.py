"""What flows through Prism: values that are the same for every processor. No I/O."""
