// Reads a Parquet file with hyparquet and prints its metadata and rows as JSON.
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

const file = await asyncBufferFromFile(process.argv[2])
const about = (await parquetMetadataAsync(file)).key_value_metadata
const rows = await parquetReadObjects({ file, compressors })
console.log(JSON.stringify({ about, rows }))
