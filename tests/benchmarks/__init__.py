"""What a request costs, as ratios: `make bench`. The only tests here are those of its table."""
