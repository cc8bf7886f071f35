/// What browsers and coding agents get (the simulated phone's page; the guides and the reference for who
/// builds agents), and the echo agent of `--demo`, which shows what an agent is.
@NullMarked
package partyline.app.pages;

import org.jspecify.annotations.NullMarked;
