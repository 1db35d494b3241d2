"""The noisy regime: differential privacy through OpenDP."""
