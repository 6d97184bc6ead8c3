/// The program. [Main] chooses between the commands of `local`, `server` and `cli`.
package io.direktiv;
