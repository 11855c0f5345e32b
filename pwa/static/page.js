// What every page gains where scripts run. Reading and sending forms work without any of it.
import { setUpChoosing } from './choosing.js'
import { setUpCopying } from './copy.js'
import { setUpDialogs } from './dialogs.js'
import { setUpDrafts } from './drafts.js'
import { setUpReadings } from './readings.js'
import { setUpSignatures } from './signatures.js'
import { setUpTables } from './tables.js'

setUpDrafts()
setUpTables()
setUpDialogs()
setUpCopying()
setUpChoosing()
setUpReadings()
setUpSignatures()
