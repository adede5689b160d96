// in a worker, ELK's own file answers messages by itself: importing it is all there is to do
import 'elkjs/lib/elk-worker.min.js'
