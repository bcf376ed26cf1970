"""Operations and the life cycle of one order, as a fold over documents."""
