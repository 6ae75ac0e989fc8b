"""The derivation panel: the nested products and sums around the step, laid out and painted."""
