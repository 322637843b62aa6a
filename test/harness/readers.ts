import { readInvoices } from "../../src/tape/invoices.js";
import type { FileReaders } from "../../src/tape/isolated.js";
import { readPersons } from "../../src/tape/persons.js";
import { readTape } from "../../src/tape/tape.js";

/**
 * Files are read in this process: a process for each takes half a second. What a process of its own shows is asked with
 * `isolatedReaders`, as the product has it.
 */
export const nearReaders: FileReaders = { tape: readTape, persons: readPersons, invoices: readInvoices };
