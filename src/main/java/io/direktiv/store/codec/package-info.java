/// The stored forms of instances and their history: versioned JSON that is read for ever.
///
/// For the stores, and for the doors that show an instance's record as it is kept. [Outcomes] puts
/// together what the stores keep apart.
package io.direktiv.store.codec;
