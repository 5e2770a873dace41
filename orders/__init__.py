"""Cart, order, stock, money: what was agreed and what came of it."""
