/// What the tests of several modules share; no part of the program.
module partyline.testkit {
    requires static transitive org.jspecify;

    exports partyline.testkit;
}
