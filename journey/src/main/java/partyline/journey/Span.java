package partyline.journey;

/// What is measured of a journey: from `open` to `close`.
interface Span {

    /// Of no interest: the first time, when classes load.
    Span UNMEASURED = new Span() {
        @Override
        public void open() {}

        @Override
        public void close() {}
    };

    /// Nothing that came before counts.
    void open();

    /// Nothing that comes after counts.
    void close();
}
