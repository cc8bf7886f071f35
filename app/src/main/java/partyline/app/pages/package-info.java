/// What browsers get (the simulated phone's page), and the echo agent of `--demo`, which shows what an agent is.
@NullMarked
package partyline.app.pages;

import org.jspecify.annotations.NullMarked;
