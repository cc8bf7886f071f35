/// What the server was told to be: the keys of the configuration, read once at the start from a file, the environment
/// and the flags, and the data folder with its lock. A mistake stops the start with a sentence that names the key.
///
/// Every key is explained in `config/partyline.yaml`.
@NullMarked
package partyline.app.config;

import org.jspecify.annotations.NullMarked;
